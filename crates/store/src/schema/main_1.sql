-- Streams, effects, read models, documents and usage of one operator.
-- Instants are unix seconds; payloads are the very text that was serialised.

CREATE TABLE law (
    id TEXT NOT NULL PRIMARY KEY,
    content TEXT NOT NULL
);

-- inputs: how many are registered; next_due: when something follows by itself.
CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    inputs BIGINT NOT NULL,
    next_due BIGINT
);
CREATE INDEX account_by_due ON account (next_due, id) WHERE next_due IS NOT NULL;

CREATE TABLE input (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    position BIGINT NOT NULL,
    law TEXT NOT NULL REFERENCES law (id),
    occurred_at BIGINT NOT NULL,
    known_at BIGINT NOT NULL,
    recorded_at BIGINT,
    payload TEXT NOT NULL,
    UNIQUE (account, position)
);

-- Entries of the operator's streams have an entry_key, those of an account an
-- input and a law.
CREATE TABLE event (
    account TEXT NOT NULL,
    stream TEXT NOT NULL,
    seq BIGINT NOT NULL,
    input TEXT REFERENCES input (id),
    at_index BIGINT NOT NULL,
    entry_key TEXT,
    type TEXT NOT NULL,
    version BIGINT NOT NULL,
    law TEXT REFERENCES law (id),
    payload TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (account, stream, seq),
    UNIQUE (account, stream, entry_key)
);
CREATE INDEX event_by_input ON event (input, at_index);

CREATE TABLE head (
    account TEXT NOT NULL,
    stream TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (account, stream)
);

CREATE TABLE checkpoint (
    seq BIGINT NOT NULL PRIMARY KEY,
    made_at BIGINT NOT NULL,
    heads BIGINT NOT NULL,
    root TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    expires_at BIGINT,
    maybe_sent BIGINT NOT NULL,
    last_reply TEXT NOT NULL
);
CREATE INDEX outbox_by_state ON outbox (state, next_at, id);

CREATE TABLE view_row (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);

CREATE TABLE personal (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,
    account TEXT NOT NULL,
    class TEXT NOT NULL,
    key_mark TEXT NOT NULL,
    sealed BLOB NOT NULL
);
CREATE INDEX personal_by_subject ON personal (subject);
CREATE INDEX personal_by_mark ON personal (key_mark);

-- Keys that were destroyed. An empty mark says that there was none.
CREATE TABLE erasure (
    subject TEXT NOT NULL,
    key_mark TEXT NOT NULL,
    erased_at BIGINT NOT NULL,
    PRIMARY KEY (subject, key_mark)
);
CREATE INDEX erasure_by_mark ON erasure (key_mark);

CREATE TABLE erased_class (
    subject TEXT NOT NULL,
    class TEXT NOT NULL,
    destroyed BIGINT NOT NULL,
    PRIMARY KEY (subject, class)
);

CREATE TABLE document (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    mime TEXT NOT NULL,
    bytes BLOB NOT NULL
);
CREATE INDEX document_by_account ON document (account, id);

CREATE TABLE draft (
    id TEXT NOT NULL PRIMARY KEY,
    run TEXT NOT NULL,
    account TEXT NOT NULL,
    number TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,
    issued BIGINT NOT NULL
);
CREATE INDEX draft_by_run ON draft (run, issued, number);

CREATE TABLE usage_segment (
    name TEXT NOT NULL PRIMARY KEY,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    stored_as TEXT NOT NULL,
    row_count BIGINT NOT NULL
);

-- How many rows of a segment are a contract's; gone when they are erased.
CREATE TABLE usage_contract (
    contract TEXT NOT NULL,
    segment TEXT NOT NULL REFERENCES usage_segment (name),
    row_count BIGINT NOT NULL,
    PRIMARY KEY (contract, segment)
);

-- Files that hold erased rows, until they have been removed.
CREATE TABLE usage_doomed (
    stored_as TEXT NOT NULL PRIMARY KEY
);

CREATE TABLE usage_key (
    key BLOB NOT NULL PRIMARY KEY,
    segment TEXT NOT NULL REFERENCES usage_segment (name)
) WITHOUT ROWID;

CREATE TABLE refused_row (
    id TEXT NOT NULL PRIMARY KEY,
    file TEXT NOT NULL,
    line_no BIGINT NOT NULL,
    reason TEXT NOT NULL,
    content TEXT NOT NULL
);
CREATE INDEX refused_row_by_file ON refused_row (file, line_no);
