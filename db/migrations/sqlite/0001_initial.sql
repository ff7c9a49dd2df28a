-- The first schema. Columns are named as the fields of src/model; the contract suite of the store compares them.
-- Addresses and prefixes are blobs whose byte order is their order (ip::Address::key, ip::Prefix::key); times are microseconds since 1970, UTC.

CREATE TABLE address_space (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, description TEXT NOT NULL, owner TEXT NOT NULL
) STRICT;

CREATE TABLE block (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, space_id INTEGER NOT NULL REFERENCES address_space (id), prefix BLOB NOT NULL,
  name TEXT NOT NULL, description TEXT NOT NULL, owner TEXT NOT NULL,
  UNIQUE (space_id, prefix)
) STRICT;

CREATE TABLE subnet (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, space_id INTEGER NOT NULL REFERENCES address_space (id), prefix BLOB NOT NULL,
  name TEXT NOT NULL, vlan INTEGER, description TEXT NOT NULL, owner TEXT NOT NULL,
  UNIQUE (space_id, prefix)
) STRICT;

CREATE TABLE address_range (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, space_id INTEGER NOT NULL REFERENCES address_space (id),
  subnet_id INTEGER NOT NULL REFERENCES subnet (id), first BLOB NOT NULL, last BLOB NOT NULL, name TEXT NOT NULL, managed_by TEXT NOT NULL,
  service_instance TEXT NOT NULL, description TEXT NOT NULL, owner TEXT NOT NULL
) STRICT;
CREATE INDEX address_range_first ON address_range (space_id, first);
CREATE INDEX address_range_subnet ON address_range (subnet_id);

-- The unique key is the last defense of "no address is given twice".
CREATE TABLE address (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, space_id INTEGER NOT NULL REFERENCES address_space (id), address BLOB NOT NULL,
  state TEXT NOT NULL, name TEXT NOT NULL, hardware_address BLOB, description TEXT NOT NULL, owner TEXT NOT NULL, assigned_at INTEGER NOT NULL,
  UNIQUE (space_id, address)
) STRICT;
CREATE INDEX address_name ON address (name);
-- Callers ask for an address, or page by address, without naming a space.
CREATE INDEX address_value ON address (address);
-- Pages of one space in the order of ids: without it each page sorts the whole space.
CREATE INDEX address_space_id ON address (space_id);

CREATE TABLE credential (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, user_name TEXT NOT NULL, sealed TEXT NOT NULL
) STRICT;

CREATE TABLE managed_server (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, product TEXT NOT NULL, url TEXT NOT NULL,
  credential_id INTEGER REFERENCES credential (id), tls_trust TEXT NOT NULL, tls_fingerprint TEXT NOT NULL,
  space_id INTEGER NOT NULL REFERENCES address_space (id), description TEXT NOT NULL
) STRICT;

CREATE TABLE dhcp_scope (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, server_id INTEGER NOT NULL REFERENCES managed_server (id),
  space_id INTEGER NOT NULL REFERENCES address_space (id), key TEXT NOT NULL, prefix BLOB NOT NULL, name TEXT NOT NULL, shared_network TEXT NOT NULL,
  lease_seconds INTEGER NOT NULL, options TEXT NOT NULL,
  UNIQUE (server_id, key)
) STRICT;
CREATE INDEX dhcp_scope_prefix ON dhcp_scope (space_id, prefix);

CREATE TABLE dhcp_pool (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, scope_id INTEGER NOT NULL REFERENCES dhcp_scope (id),
  space_id INTEGER NOT NULL REFERENCES address_space (id), first BLOB NOT NULL, last BLOB NOT NULL
) STRICT;
CREATE INDEX dhcp_pool_scope ON dhcp_pool (scope_id);

CREATE TABLE dhcp_reservation (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, scope_id INTEGER NOT NULL REFERENCES dhcp_scope (id),
  space_id INTEGER NOT NULL REFERENCES address_space (id), address BLOB NOT NULL, identifier_type TEXT NOT NULL, identifier BLOB NOT NULL,
  hostname TEXT NOT NULL
) STRICT;
CREATE INDEX dhcp_reservation_scope ON dhcp_reservation (scope_id);
CREATE INDEX dhcp_reservation_address ON dhcp_reservation (space_id, address);

CREATE TABLE user_account (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL, access_group TEXT NOT NULL,
  enabled INTEGER NOT NULL, description TEXT NOT NULL
) STRICT;

CREATE TABLE token (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, user_id INTEGER NOT NULL REFERENCES user_account (id), name TEXT NOT NULL, hash BLOB NOT NULL UNIQUE,
  access_group TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER,
  UNIQUE (user_id, name)
) STRICT;

CREATE TABLE journal (
  sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, on_behalf_of TEXT NOT NULL, request_id TEXT NOT NULL, reason TEXT NOT NULL,
  change_reference TEXT NOT NULL, kind TEXT NOT NULL, object_type TEXT NOT NULL, object_id INTEGER NOT NULL, object_name TEXT NOT NULL,
  differences TEXT NOT NULL, chain BLOB NOT NULL
) STRICT;
CREATE INDEX journal_object ON journal (object_id, sequence);

-- Facts.
CREATE TABLE lease (
  server_id INTEGER NOT NULL, address BLOB NOT NULL, space_id INTEGER NOT NULL, scope_key TEXT NOT NULL,
  state TEXT NOT NULL, hardware_address BLOB, client_id BLOB, hostname TEXT NOT NULL, starts_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (server_id, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX lease_address ON lease (space_id, address);

CREATE TABLE scope_utilization (
  scope_id INTEGER NOT NULL, at INTEGER NOT NULL, capacity INTEGER NOT NULL, used INTEGER NOT NULL, leased INTEGER NOT NULL,
  reserved INTEGER NOT NULL, server_assigned INTEGER, server_declined INTEGER,
  PRIMARY KEY (scope_id, at)
) STRICT, WITHOUT ROWID;

-- Bookkeeping.
CREATE TABLE server_status (
  id INTEGER PRIMARY KEY, availability TEXT NOT NULL, problem TEXT NOT NULL, version TEXT NOT NULL,
  capabilities TEXT NOT NULL, checked_at INTEGER NOT NULL, reached_at INTEGER, configuration_collected_at INTEGER, leases_collected_at INTEGER
) STRICT;

CREATE TABLE session (
  hash BLOB PRIMARY KEY, user_id INTEGER NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user_id);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE task_state (
  name TEXT PRIMARY KEY, period_seconds INTEGER NOT NULL, enabled INTEGER NOT NULL, runs INTEGER NOT NULL, last_result TEXT NOT NULL,
  last_message TEXT NOT NULL, last_started_at INTEGER, last_ended_at INTEGER, next_due_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE task_outcome (
  task TEXT NOT NULL, server_id INTEGER NOT NULL, server_name TEXT NOT NULL, result TEXT NOT NULL, message TEXT NOT NULL, started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (task, server_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
