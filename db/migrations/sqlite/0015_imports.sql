-- Imports of files, how far they are, and the rows that failed (of a dry run all rows). Bookkeeping.

CREATE TABLE import (
  id INTEGER PRIMARY KEY, operation_id INTEGER NOT NULL, kind TEXT NOT NULL, format TEXT NOT NULL, mode TEXT NOT NULL, dry_run INTEGER NOT NULL,
  file_name TEXT NOT NULL, digest BLOB NOT NULL, bytes INTEGER NOT NULL, request TEXT NOT NULL, actor TEXT NOT NULL, user_id INTEGER NOT NULL,
  node TEXT NOT NULL, rows INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, unchanged INTEGER NOT NULL,
  removed INTEGER NOT NULL, failed INTEGER NOT NULL, header TEXT NOT NULL, unplaced TEXT NOT NULL, complete INTEGER NOT NULL,
  message TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER
) STRICT;
CREATE INDEX import_started ON import (started_at);

CREATE TABLE import_row (
  import_id INTEGER NOT NULL, number INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, object TEXT NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (import_id, number)
) STRICT, WITHOUT ROWID;
