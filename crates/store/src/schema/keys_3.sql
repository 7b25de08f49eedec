-- The key under which the rows of both databases are sealed.

CREATE TABLE seal_key (
    secret BLOB NOT NULL PRIMARY KEY
);

ALTER TABLE subject_key ADD COLUMN seal BLOB;
ALTER TABLE erasure ADD COLUMN seal BLOB;
ALTER TABLE usage_erasure ADD COLUMN seal BLOB;
