-- How zones are, and their records: facts.

CREATE TABLE zone_status (
  id BIGINT PRIMARY KEY, health TEXT COLLATE "C" NOT NULL, problem TEXT COLLATE "C" NOT NULL, serial BIGINT, loaded_at BIGINT, refresh_at BIGINT, expires_at BIGINT,
  behind_since BIGINT, checked_at BIGINT NOT NULL, transferred_serial BIGINT, transferred_at BIGINT, transfer_problem TEXT COLLATE "C" NOT NULL,
  refresh_seconds BIGINT, records BIGINT NOT NULL, generation BIGINT NOT NULL, unfinished BIGINT NOT NULL, changed_here BIGINT NOT NULL
);

-- Without references, which would cost a look-up a row: a zone goes after its records.
CREATE TABLE dns_record (
  id BIGINT PRIMARY KEY, zone_id BIGINT NOT NULL, name TEXT COLLATE "C" NOT NULL, type TEXT COLLATE "C" NOT NULL, data TEXT COLLATE "C" NOT NULL, ttl BIGINT NOT NULL, address BYTEA,
  added BIGINT NOT NULL, removed BIGINT NOT NULL
);
-- Pages of a zone and the records of a name.
CREATE INDEX dns_record_name ON dns_record (zone_id, name, id);
CREATE INDEX dns_record_address ON dns_record (address) WHERE address IS NOT NULL;
