-- The seal of a row: a code under the key of keys.db for each column that neither
-- a chain nor the record itself would show as changed.

ALTER TABLE input ADD COLUMN seal BLOB;
ALTER TABLE checkpoint ADD COLUMN seal BLOB;
ALTER TABLE outbox ADD COLUMN seal BLOB;
ALTER TABLE personal ADD COLUMN seal BLOB;
ALTER TABLE erasure ADD COLUMN seal BLOB;
ALTER TABLE erased_class ADD COLUMN seal BLOB;
ALTER TABLE document ADD COLUMN seal BLOB;
ALTER TABLE draft ADD COLUMN seal BLOB;
ALTER TABLE usage_segment ADD COLUMN seal BLOB;
ALTER TABLE usage_doomed ADD COLUMN seal BLOB;
ALTER TABLE refused_row ADD COLUMN seal BLOB;
ALTER TABLE credential ADD COLUMN seal BLOB;
ALTER TABLE recovery_code ADD COLUMN seal BLOB;
ALTER TABLE set_up_link ADD COLUMN seal BLOB;
ALTER TABLE session ADD COLUMN seal BLOB;
ALTER TABLE api_key ADD COLUMN seal BLOB;
ALTER TABLE access_log ADD COLUMN seal BLOB;

-- A hash over all keys that came with a segment: they stay when rows are erased.
ALTER TABLE usage_segment ADD COLUMN keys_hash TEXT;

-- The version of the code that made the read models.
CREATE TABLE read_models (
    version BIGINT NOT NULL PRIMARY KEY
);
