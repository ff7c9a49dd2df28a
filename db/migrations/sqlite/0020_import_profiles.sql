-- Which columns of a spreadsheet mean what. Bookkeeping.

CREATE TABLE import_profile (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, columns TEXT NOT NULL, description TEXT NOT NULL,
  user_name TEXT NOT NULL, changed_at INTEGER NOT NULL
) STRICT;
