-- The first schema. Columns are named as the fields of src/model; the contract suite of the store compares them.
-- Text is ordered by its bytes (COLLATE "C"), as in SQLite. References are checked at the end of the transaction, so that a batch may be merged by table.
-- Addresses and prefixes are blobs whose byte order is their order (ip::Address::key, ip::Prefix::key); times are microseconds since 1970, UTC.

CREATE TABLE address_space (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, name TEXT COLLATE "C" NOT NULL UNIQUE, kind TEXT COLLATE "C" NOT NULL,
  description TEXT COLLATE "C" NOT NULL, owner TEXT COLLATE "C" NOT NULL
);

CREATE TABLE block (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, space_id BIGINT NOT NULL REFERENCES address_space (id) DEFERRABLE INITIALLY DEFERRED,
  prefix BYTEA NOT NULL,
  name TEXT COLLATE "C" NOT NULL, description TEXT COLLATE "C" NOT NULL, owner TEXT COLLATE "C" NOT NULL,
  UNIQUE (space_id, prefix)
);

CREATE TABLE subnet (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, space_id BIGINT NOT NULL REFERENCES address_space (id) DEFERRABLE INITIALLY DEFERRED,
  prefix BYTEA NOT NULL,
  name TEXT COLLATE "C" NOT NULL, vlan BIGINT, description TEXT COLLATE "C" NOT NULL, owner TEXT COLLATE "C" NOT NULL,
  UNIQUE (space_id, prefix)
);

CREATE TABLE address_range (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, space_id BIGINT NOT NULL REFERENCES address_space (id) DEFERRABLE INITIALLY DEFERRED,
  subnet_id BIGINT NOT NULL REFERENCES subnet (id) DEFERRABLE INITIALLY DEFERRED, first BYTEA NOT NULL, last BYTEA NOT NULL,
  name TEXT COLLATE "C" NOT NULL, managed_by TEXT COLLATE "C" NOT NULL,
  service_instance TEXT COLLATE "C" NOT NULL, description TEXT COLLATE "C" NOT NULL, owner TEXT COLLATE "C" NOT NULL
);
CREATE INDEX address_range_first ON address_range (space_id, first);
CREATE INDEX address_range_subnet ON address_range (subnet_id);

-- The unique key is the last defense of "no address is given twice".
CREATE TABLE address (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, space_id BIGINT NOT NULL REFERENCES address_space (id) DEFERRABLE INITIALLY DEFERRED,
  address BYTEA NOT NULL,
  state TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL, hardware_address BYTEA, description TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL, assigned_at BIGINT NOT NULL,
  UNIQUE (space_id, address)
);
CREATE INDEX address_name ON address (name);
-- Callers ask for an address, or page by address, without naming a space.
CREATE INDEX address_value ON address (address);
-- Pages of one space in the order of ids: without it each page sorts the whole space.
CREATE INDEX address_space_id ON address (space_id);

CREATE TABLE credential (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, name TEXT COLLATE "C" NOT NULL UNIQUE, kind TEXT COLLATE "C" NOT NULL,
  user_name TEXT COLLATE "C" NOT NULL, sealed TEXT COLLATE "C" NOT NULL
);

CREATE TABLE managed_server (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, name TEXT COLLATE "C" NOT NULL UNIQUE, product TEXT COLLATE "C" NOT NULL,
  url TEXT COLLATE "C" NOT NULL,
  credential_id BIGINT REFERENCES credential (id) DEFERRABLE INITIALLY DEFERRED, tls_trust TEXT COLLATE "C" NOT NULL,
  tls_fingerprint TEXT COLLATE "C" NOT NULL,
  space_id BIGINT NOT NULL REFERENCES address_space (id) DEFERRABLE INITIALLY DEFERRED, description TEXT COLLATE "C" NOT NULL
);

CREATE TABLE dhcp_scope (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, server_id BIGINT NOT NULL REFERENCES managed_server (id) DEFERRABLE INITIALLY DEFERRED,
  space_id BIGINT NOT NULL REFERENCES address_space (id) DEFERRABLE INITIALLY DEFERRED, key TEXT COLLATE "C" NOT NULL, prefix BYTEA NOT NULL,
  name TEXT COLLATE "C" NOT NULL, shared_network TEXT COLLATE "C" NOT NULL,
  lease_seconds BIGINT NOT NULL, options TEXT COLLATE "C" NOT NULL,
  UNIQUE (server_id, key)
);
CREATE INDEX dhcp_scope_prefix ON dhcp_scope (space_id, prefix);

CREATE TABLE dhcp_pool (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, scope_id BIGINT NOT NULL REFERENCES dhcp_scope (id) DEFERRABLE INITIALLY DEFERRED,
  space_id BIGINT NOT NULL REFERENCES address_space (id) DEFERRABLE INITIALLY DEFERRED, first BYTEA NOT NULL, last BYTEA NOT NULL
);
CREATE INDEX dhcp_pool_scope ON dhcp_pool (scope_id);

CREATE TABLE dhcp_reservation (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, scope_id BIGINT NOT NULL REFERENCES dhcp_scope (id) DEFERRABLE INITIALLY DEFERRED,
  space_id BIGINT NOT NULL REFERENCES address_space (id) DEFERRABLE INITIALLY DEFERRED, address BYTEA NOT NULL,
  identifier_type TEXT COLLATE "C" NOT NULL, identifier BYTEA NOT NULL,
  hostname TEXT COLLATE "C" NOT NULL
);
CREATE INDEX dhcp_reservation_scope ON dhcp_reservation (scope_id);
CREATE INDEX dhcp_reservation_address ON dhcp_reservation (space_id, address);

CREATE TABLE user_account (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, name TEXT COLLATE "C" NOT NULL UNIQUE, password_hash TEXT COLLATE "C" NOT NULL,
  access_group TEXT COLLATE "C" NOT NULL,
  enabled BIGINT NOT NULL, description TEXT COLLATE "C" NOT NULL
);

CREATE TABLE token (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, user_id BIGINT NOT NULL REFERENCES user_account (id) DEFERRABLE INITIALLY DEFERRED,
  name TEXT COLLATE "C" NOT NULL, hash BYTEA NOT NULL UNIQUE,
  access_group TEXT COLLATE "C" NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT,
  UNIQUE (user_id, name)
);

CREATE TABLE journal (
  sequence BIGINT PRIMARY KEY, at BIGINT NOT NULL, actor TEXT COLLATE "C" NOT NULL, on_behalf_of TEXT COLLATE "C" NOT NULL,
  request_id TEXT COLLATE "C" NOT NULL, reason TEXT COLLATE "C" NOT NULL,
  change_reference TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL, object_type TEXT COLLATE "C" NOT NULL, object_id BIGINT NOT NULL,
  object_name TEXT COLLATE "C" NOT NULL,
  differences TEXT COLLATE "C" NOT NULL, chain BYTEA NOT NULL
);
CREATE INDEX journal_object ON journal (object_id, sequence);

-- Facts.
CREATE TABLE lease (
  server_id BIGINT NOT NULL, address BYTEA NOT NULL, space_id BIGINT NOT NULL, scope_key TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL, hardware_address BYTEA, client_id BYTEA, hostname TEXT COLLATE "C" NOT NULL, starts_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (server_id, address)
);
CREATE INDEX lease_address ON lease (space_id, address);

CREATE TABLE scope_utilization (
  scope_id BIGINT NOT NULL, at BIGINT NOT NULL, capacity BIGINT NOT NULL, used BIGINT NOT NULL, leased BIGINT NOT NULL,
  reserved BIGINT NOT NULL, server_assigned BIGINT, server_declined BIGINT,
  PRIMARY KEY (scope_id, at)
);

-- Bookkeeping.
CREATE TABLE server_status (
  id BIGINT PRIMARY KEY, availability TEXT COLLATE "C" NOT NULL, problem TEXT COLLATE "C" NOT NULL, version TEXT COLLATE "C" NOT NULL,
  capabilities TEXT COLLATE "C" NOT NULL, checked_at BIGINT NOT NULL, reached_at BIGINT, configuration_collected_at BIGINT, leases_collected_at BIGINT
);

CREATE TABLE session (
  hash BYTEA PRIMARY KEY, user_id BIGINT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL
);
CREATE INDEX "session_user" ON session (user_id);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE task_state (
  name TEXT COLLATE "C" PRIMARY KEY, period_seconds BIGINT NOT NULL, enabled BIGINT NOT NULL, runs BIGINT NOT NULL,
  last_result TEXT COLLATE "C" NOT NULL,
  last_message TEXT COLLATE "C" NOT NULL, last_started_at BIGINT, last_ended_at BIGINT, next_due_at BIGINT
);

CREATE TABLE task_outcome (
  task TEXT COLLATE "C" NOT NULL, server_id BIGINT NOT NULL, server_name TEXT COLLATE "C" NOT NULL, result TEXT COLLATE "C" NOT NULL,
  message TEXT COLLATE "C" NOT NULL, started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  PRIMARY KEY (task, server_id)
);

CREATE TABLE counter (name TEXT COLLATE "C" PRIMARY KEY, value BIGINT NOT NULL);
