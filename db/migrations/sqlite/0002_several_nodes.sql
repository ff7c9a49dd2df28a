-- Several nodes on one database (PostgreSQL): the feed of commits, leases of tasks, and what ties nodes to the database. An embedded database has the same
-- tables; its feed stays empty.

CREATE TABLE database_property (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE change_feed (
  position INTEGER PRIMARY KEY, at INTEGER NOT NULL, node TEXT NOT NULL, sequence INTEGER NOT NULL, content BLOB NOT NULL
) STRICT;

CREATE TABLE feed_head (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO feed_head (name, position) VALUES ('ledger', 0);

CREATE TABLE task_lease (
  task TEXT PRIMARY KEY, holder TEXT NOT NULL, token INTEGER NOT NULL, until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
