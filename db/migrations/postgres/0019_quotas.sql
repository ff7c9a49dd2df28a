-- How much of a place users may take, and what was charged to which quota.

CREATE TABLE quota (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, space_id BIGINT NOT NULL REFERENCES address_space (id) DEFERRABLE INITIALLY DEFERRED,
  prefix BYTEA NOT NULL, subject_kind TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL, most_addresses BIGINT, most_subnets BIGINT,
  description TEXT COLLATE "C" NOT NULL,
  UNIQUE (space_id, prefix, subject_kind, subject)
);

ALTER TABLE address ADD COLUMN quota_id BIGINT;
ALTER TABLE subnet ADD COLUMN quota_id BIGINT;
CREATE INDEX address_quota ON address (quota_id) WHERE quota_id IS NOT NULL;
CREATE INDEX subnet_quota ON subnet (quota_id) WHERE quota_id IS NOT NULL;
