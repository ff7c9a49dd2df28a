-- Imports of files, how far they are, and the rows that failed (of a dry run all rows). Bookkeeping.

CREATE TABLE import (
  id BIGINT PRIMARY KEY, operation_id BIGINT NOT NULL, kind TEXT COLLATE "C" NOT NULL, format TEXT COLLATE "C" NOT NULL, mode TEXT COLLATE "C" NOT NULL, dry_run BIGINT NOT NULL,
  file_name TEXT COLLATE "C" NOT NULL, digest BYTEA NOT NULL, bytes BIGINT NOT NULL, request TEXT COLLATE "C" NOT NULL, actor TEXT COLLATE "C" NOT NULL, user_id BIGINT NOT NULL,
  node TEXT COLLATE "C" NOT NULL, rows BIGINT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL, unchanged BIGINT NOT NULL,
  removed BIGINT NOT NULL, failed BIGINT NOT NULL, header TEXT COLLATE "C" NOT NULL, unplaced TEXT COLLATE "C" NOT NULL, complete BIGINT NOT NULL,
  message TEXT COLLATE "C" NOT NULL, started_at BIGINT NOT NULL, ended_at BIGINT
);
CREATE INDEX import_started ON import (started_at);

CREATE TABLE import_row (
  import_id BIGINT NOT NULL, number BIGINT NOT NULL, outcome TEXT COLLATE "C" NOT NULL, reason TEXT COLLATE "C" NOT NULL, object TEXT COLLATE "C" NOT NULL, text TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (import_id, number)
);
