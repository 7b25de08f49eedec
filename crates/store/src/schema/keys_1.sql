-- The key of every subject, and what was destroyed: subjects with their keys, and
-- contracts with their usage. The lists outlive a restored copy of the rest.

CREATE TABLE subject_key (
    subject TEXT NOT NULL PRIMARY KEY,
    key_mark TEXT NOT NULL UNIQUE,
    secret BLOB NOT NULL
);

CREATE TABLE erasure (
    subject TEXT NOT NULL,
    key_mark TEXT NOT NULL,
    erased_at BIGINT NOT NULL,
    PRIMARY KEY (subject, key_mark)
);
CREATE INDEX erasure_by_mark ON erasure (key_mark);

CREATE TABLE usage_erasure (
    contract TEXT NOT NULL PRIMARY KEY
);
