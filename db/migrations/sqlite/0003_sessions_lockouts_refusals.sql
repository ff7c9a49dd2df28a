-- What is kept of sessions beside what signs in with them; failed sign-ins; refused requests. Whoever is signed in signs in again.
DELETE FROM session;

CREATE TABLE session_use (hash BLOB PRIMARY KEY, id INTEGER NOT NULL UNIQUE, address TEXT NOT NULL, last_used_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX session_use_last ON session_use (last_used_at);

CREATE TABLE lockout (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, failures INTEGER NOT NULL, last_failure_at INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL
) STRICT;

CREATE TABLE refusal (
  id INTEGER PRIMARY KEY, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, count INTEGER NOT NULL, status INTEGER NOT NULL,
  user_name TEXT NOT NULL, address TEXT NOT NULL, method TEXT NOT NULL, route TEXT NOT NULL, detail TEXT NOT NULL, request_id TEXT NOT NULL
) STRICT;
CREATE INDEX refusal_last ON refusal (last_at);
