-- Answers that are kept under the key of a request, and long pieces of work. Bookkeeping.

CREATE TABLE kept_answer (
  hash BLOB PRIMARY KEY, user_id INTEGER NOT NULL, fingerprint TEXT NOT NULL, steps TEXT NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL,
  body TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_answer_expires ON kept_answer (expires_at);

CREATE TABLE operation (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, actor TEXT NOT NULL, user_id INTEGER NOT NULL, request_id TEXT NOT NULL,
  node TEXT NOT NULL, state TEXT NOT NULL, percent INTEGER NOT NULL, message TEXT NOT NULL, result TEXT NOT NULL, started_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX operation_started ON operation (started_at);
CREATE INDEX operation_state ON operation (state);

CREATE TABLE operation_part (
  operation_id INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, message TEXT NOT NULL, started_at INTEGER,
  ended_at INTEGER,
  PRIMARY KEY (operation_id, number)
) STRICT, WITHOUT ROWID;
