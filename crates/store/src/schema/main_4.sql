-- Who brought a set-up link about. Links of before were shown to whoever made them:
-- they end here.

DELETE FROM set_up_link;
ALTER TABLE set_up_link ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
ALTER TABLE set_up_link ADD COLUMN handed_by TEXT;
