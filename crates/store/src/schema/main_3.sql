-- How people and programs prove who they are, and what is noted of it. Secrets
-- stand here as hashes only; instants are unix seconds.

CREATE TABLE credential (
    person TEXT NOT NULL PRIMARY KEY,
    password TEXT NOT NULL,
    password_set_at BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    blocked_until BIGINT,
    totp TEXT,
    totp_step BIGINT NOT NULL
);

CREATE TABLE recovery_code (
    person TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (person, code_hash)
);

CREATE TABLE set_up_link (
    person TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
);

CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person TEXT NOT NULL,
    stage TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    origin TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE INDEX session_by_person ON session (person, opened_at);

CREATE TABLE api_key (
    id TEXT NOT NULL PRIMARY KEY,
    secret_hash TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    account TEXT,
    label TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    used_at BIGINT
);

CREATE TABLE access_log (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    person TEXT NOT NULL,
    api_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    origin TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX access_log_by_person ON access_log (person, id);
CREATE INDEX access_log_by_kind ON access_log (kind, id);

CREATE INDEX view_row_by_account ON view_row (account, kind, id);
CREATE INDEX input_by_known ON input (known_at);
