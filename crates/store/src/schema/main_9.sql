-- Short numbers of applications, contracts and matters, for people to say. They are given
-- once: what is voided or erased keeps its own, and nothing else gets it. What stands in a
-- folder of before gets its numbers when the read models are made again.
CREATE TABLE short_number (
    id TEXT NOT NULL PRIMARY KEY,
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    running BIGINT NOT NULL,
    -- As it is printed.
    number TEXT NOT NULL UNIQUE,
    seal BLOB,
    UNIQUE (series, year, running)
);
