-- Further ways to a server, what holds for a whole DHCP server, DHCPv6, DNS zones. New columns stand at a table's end, as in the described structs.

ALTER TABLE credential ADD COLUMN algorithm TEXT NOT NULL DEFAULT '';
ALTER TABLE managed_server ADD COLUMN manageability TEXT NOT NULL DEFAULT 'managed';

CREATE TABLE server_access (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, server_id INTEGER NOT NULL REFERENCES managed_server (id), kind TEXT NOT NULL, url TEXT NOT NULL,
  credential_id INTEGER REFERENCES credential (id), tls_trust TEXT NOT NULL, fingerprint TEXT NOT NULL,
  UNIQUE (server_id, kind)
) STRICT;
CREATE INDEX server_access_credential ON server_access (credential_id);

CREATE TABLE dhcp_server (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, server_id INTEGER NOT NULL UNIQUE REFERENCES managed_server (id), options TEXT NOT NULL,
  option_definitions TEXT NOT NULL, client_classes TEXT NOT NULL, high_availability TEXT NOT NULL, lease_database TEXT NOT NULL
) STRICT;

ALTER TABLE dhcp_pool ADD COLUMN delegated_length INTEGER;
ALTER TABLE dhcp_reservation ADD COLUMN delegated_length INTEGER;
ALTER TABLE dhcp_reservation ADD COLUMN options TEXT NOT NULL DEFAULT '';
ALTER TABLE lease ADD COLUMN iaid INTEGER;
ALTER TABLE lease ADD COLUMN delegated_length INTEGER;

CREATE TABLE dns_zone (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, server_id INTEGER NOT NULL REFERENCES managed_server (id),
  space_id INTEGER NOT NULL REFERENCES address_space (id), name TEXT NOT NULL, view TEXT NOT NULL, kind TEXT NOT NULL,
  UNIQUE (server_id, view, name)
) STRICT;
CREATE INDEX dns_zone_name ON dns_zone (name);

CREATE TABLE access_status (
  server_id INTEGER NOT NULL, kind TEXT NOT NULL, availability TEXT NOT NULL, problem TEXT NOT NULL, checked_at INTEGER NOT NULL,
  PRIMARY KEY (server_id, kind)
) STRICT, WITHOUT ROWID;
