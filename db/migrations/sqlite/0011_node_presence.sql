-- Which nodes work with a database that several share (PostgreSQL). An embedded database has the same table, which stays empty.
CREATE TABLE node_presence (node TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
