-- Lists as people want to see them again. Bookkeeping.

CREATE TABLE saved_search (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, user_name TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, query TEXT NOT NULL,
  words TEXT NOT NULL, columns TEXT NOT NULL, sort TEXT NOT NULL, sharing TEXT NOT NULL, changed_at INTEGER NOT NULL,
  UNIQUE (user_id, name)
) STRICT;

-- The same index stood twice, under two names.
DROP INDEX address_expires;
