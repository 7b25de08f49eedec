-- Accounts on which a worker is at work.

CREATE TABLE claim (
    account TEXT NOT NULL PRIMARY KEY,
    worker TEXT NOT NULL
);
CREATE INDEX claim_by_worker ON claim (worker);

-- The one data folder to which the database belongs.
CREATE TABLE installation (
    id TEXT NOT NULL PRIMARY KEY
);
