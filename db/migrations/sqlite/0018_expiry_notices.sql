-- What was told of addresses that expire. Bookkeeping.

CREATE TABLE expiry_notice (
  address_id INTEGER PRIMARY KEY, expires_at INTEGER NOT NULL, kind TEXT NOT NULL, told_at INTEGER NOT NULL
) STRICT;
