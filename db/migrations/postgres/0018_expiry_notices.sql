-- What was told of addresses that expire. Bookkeeping.

CREATE TABLE expiry_notice (
  address_id BIGINT PRIMARY KEY, expires_at BIGINT NOT NULL, kind TEXT COLLATE "C" NOT NULL, told_at BIGINT NOT NULL
);
