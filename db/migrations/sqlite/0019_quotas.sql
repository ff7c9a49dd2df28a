-- How much of a place users may take, and what was charged to which quota.

CREATE TABLE quota (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, space_id INTEGER NOT NULL REFERENCES address_space (id),
  prefix BLOB NOT NULL, subject_kind TEXT NOT NULL, subject TEXT NOT NULL, most_addresses INTEGER, most_subnets INTEGER,
  description TEXT NOT NULL,
  UNIQUE (space_id, prefix, subject_kind, subject)
) STRICT;

ALTER TABLE address ADD COLUMN quota_id INTEGER;
ALTER TABLE subnet ADD COLUMN quota_id INTEGER;
CREATE INDEX address_quota ON address (quota_id) WHERE quota_id IS NOT NULL;
CREATE INDEX subnet_quota ON subnet (quota_id) WHERE quota_id IS NOT NULL;
