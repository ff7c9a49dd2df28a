-- Who held an address, over time; and who asked.
CREATE TABLE lease_interval (
  address BLOB NOT NULL, server_id INTEGER NOT NULL, began_at INTEGER NOT NULL, space_id INTEGER NOT NULL, server TEXT NOT NULL, scope_key TEXT NOT NULL,
  hardware_address BLOB, client_id BLOB, hostname TEXT NOT NULL, renewed_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, ended_at INTEGER,
  ending TEXT NOT NULL, seen_at INTEGER NOT NULL, delegated_length INTEGER,
  PRIMARY KEY (address, server_id, began_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX lease_interval_hardware ON lease_interval (hardware_address, began_at);
CREATE INDEX lease_interval_client ON lease_interval (client_id, began_at);
CREATE INDEX lease_interval_hostname ON lease_interval (hostname, began_at);
-- What is old enough to be removed.
CREATE INDEX lease_interval_ended ON lease_interval (ended_at);

CREATE TABLE tracking_query (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, user_name TEXT NOT NULL, question TEXT NOT NULL, purpose TEXT NOT NULL, request_id TEXT NOT NULL,
  answers INTEGER NOT NULL
) STRICT;
CREATE INDEX tracking_query_at ON tracking_query (at);
