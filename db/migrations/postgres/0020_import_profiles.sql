-- Which columns of a spreadsheet mean what. Bookkeeping.

CREATE TABLE import_profile (
  id BIGINT PRIMARY KEY, name TEXT COLLATE "C" NOT NULL UNIQUE, kind TEXT COLLATE "C" NOT NULL, columns TEXT COLLATE "C" NOT NULL, description TEXT COLLATE "C" NOT NULL,
  user_name TEXT COLLATE "C" NOT NULL, changed_at BIGINT NOT NULL
);
