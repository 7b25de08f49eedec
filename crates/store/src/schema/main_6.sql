-- Movements of the bank account that wait for a person, until they are assigned or
-- set aside. Those of before stood among the refused rows alone.
CREATE TABLE movement (
    id TEXT NOT NULL PRIMARY KEY,
    -- What the bank says of it and whose it may be; empty for those of before.
    content TEXT NOT NULL,
    file TEXT NOT NULL,
    line_no BIGINT NOT NULL,
    reason TEXT NOT NULL,
    -- 1 while it waits.
    open BIGINT NOT NULL,
    seal BLOB
);
CREATE INDEX movement_open ON movement (open, id);

INSERT INTO movement (id, content, file, line_no, reason, open)
SELECT r.content, '', MIN(r.file), MIN(r.line_no), MIN(r.reason),
       CASE WHEN EXISTS (
           SELECT 1 FROM input i WHERE i.id = REPLACE(r.content, 'reversal-', '')
       ) THEN 0 ELSE 1 END
FROM refused_row r
WHERE r.content LIKE 'movement-%' OR r.content LIKE 'deposit-%' OR r.content LIKE 'reversal-%'
GROUP BY r.content;
