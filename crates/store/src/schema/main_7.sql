-- By what a row of a list is found: its names and numbers, as people type them. Rows of
-- before get theirs when the read models are made again.
ALTER TABLE view_row ADD COLUMN sought TEXT NOT NULL DEFAULT '';
