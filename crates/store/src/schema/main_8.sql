-- What an account came to after so many records, to go on from: nothing that they do not
-- give. It may be thrown away at any time.
CREATE TABLE worked_out (
    account TEXT NOT NULL PRIMARY KEY,
    records BIGINT NOT NULL,
    -- The version of the code that wrote it, and the law under which it was worked out.
    fold BIGINT NOT NULL,
    law TEXT NOT NULL,
    body BLOB NOT NULL,
    seal BLOB
);

-- A billing run that has numbered drafts and not issued them goes on.
CREATE INDEX draft_unissued ON draft (run) WHERE issued = 0;
