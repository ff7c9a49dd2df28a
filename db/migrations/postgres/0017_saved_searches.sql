-- Lists as people want to see them again. Bookkeeping.

CREATE TABLE saved_search (
  id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL, user_name TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL,
  query TEXT COLLATE "C" NOT NULL, words TEXT COLLATE "C" NOT NULL, columns TEXT COLLATE "C" NOT NULL, sort TEXT COLLATE "C" NOT NULL,
  sharing TEXT COLLATE "C" NOT NULL, changed_at BIGINT NOT NULL,
  UNIQUE (user_id, name)
);

-- The same index stood twice, under two names.
DROP INDEX address_expires;
