-- How zones are, and their records: facts.

CREATE TABLE zone_status (
  id INTEGER PRIMARY KEY, health TEXT NOT NULL, problem TEXT NOT NULL, serial INTEGER, loaded_at INTEGER, refresh_at INTEGER, expires_at INTEGER,
  behind_since INTEGER, checked_at INTEGER NOT NULL, transferred_serial INTEGER, transferred_at INTEGER, transfer_problem TEXT NOT NULL,
  refresh_seconds INTEGER, records INTEGER NOT NULL, generation INTEGER NOT NULL, unfinished INTEGER NOT NULL, changed_here INTEGER NOT NULL
) STRICT;

-- Without references, which would cost a look-up a row: a zone goes after its records.
CREATE TABLE dns_record (
  id INTEGER PRIMARY KEY, zone_id INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, ttl INTEGER NOT NULL, address BLOB,
  added INTEGER NOT NULL, removed INTEGER NOT NULL
) STRICT;
-- Pages of a zone and the records of a name; SQLite ends both indexes with the id by itself.
CREATE INDEX dns_record_name ON dns_record (zone_id, name);
CREATE INDEX dns_record_address ON dns_record (address) WHERE address IS NOT NULL;
