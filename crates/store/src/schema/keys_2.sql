-- The installation whose keys these are.

CREATE TABLE installation (
    id TEXT NOT NULL PRIMARY KEY
);
