-- Who held an address, over time; and who asked.
CREATE TABLE lease_interval (
  address BYTEA NOT NULL, server_id BIGINT NOT NULL, began_at BIGINT NOT NULL, space_id BIGINT NOT NULL, server TEXT COLLATE "C" NOT NULL, scope_key TEXT COLLATE "C" NOT NULL,
  hardware_address BYTEA, client_id BYTEA, hostname TEXT COLLATE "C" NOT NULL, renewed_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, ended_at BIGINT,
  ending TEXT COLLATE "C" NOT NULL, seen_at BIGINT NOT NULL, delegated_length BIGINT,
  PRIMARY KEY (address, server_id, began_at)
);
CREATE INDEX lease_interval_hardware ON lease_interval (hardware_address, began_at);
CREATE INDEX lease_interval_client ON lease_interval (client_id, began_at);
CREATE INDEX lease_interval_hostname ON lease_interval (hostname, began_at);
-- What is old enough to be removed.
CREATE INDEX lease_interval_ended ON lease_interval (ended_at);

CREATE TABLE tracking_query (
  id BIGINT PRIMARY KEY, at BIGINT NOT NULL, user_name TEXT COLLATE "C" NOT NULL, question TEXT COLLATE "C" NOT NULL, purpose TEXT COLLATE "C" NOT NULL, request_id TEXT COLLATE "C" NOT NULL,
  answers BIGINT NOT NULL
);
CREATE INDEX tracking_query_at ON tracking_query (at);
