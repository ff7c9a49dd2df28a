-- Further ways to a server, what holds for a whole DHCP server, DHCPv6, DNS zones. New columns stand at a table's end, as in the described structs.

ALTER TABLE credential ADD COLUMN algorithm TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE managed_server ADD COLUMN manageability TEXT COLLATE "C" NOT NULL DEFAULT 'managed';

CREATE TABLE server_access (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, server_id BIGINT NOT NULL REFERENCES managed_server (id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT COLLATE "C" NOT NULL, url TEXT COLLATE "C" NOT NULL,
  credential_id BIGINT REFERENCES credential (id) DEFERRABLE INITIALLY DEFERRED, tls_trust TEXT COLLATE "C" NOT NULL,
  fingerprint TEXT COLLATE "C" NOT NULL,
  UNIQUE (server_id, kind)
);
CREATE INDEX server_access_credential ON server_access (credential_id);

CREATE TABLE dhcp_server (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, server_id BIGINT NOT NULL UNIQUE REFERENCES managed_server (id) DEFERRABLE INITIALLY DEFERRED,
  options TEXT COLLATE "C" NOT NULL,
  option_definitions TEXT COLLATE "C" NOT NULL, client_classes TEXT COLLATE "C" NOT NULL, high_availability TEXT COLLATE "C" NOT NULL,
  lease_database TEXT COLLATE "C" NOT NULL
);

ALTER TABLE dhcp_pool ADD COLUMN delegated_length BIGINT;
ALTER TABLE dhcp_reservation ADD COLUMN delegated_length BIGINT;
ALTER TABLE dhcp_reservation ADD COLUMN options TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE lease ADD COLUMN iaid BIGINT;
ALTER TABLE lease ADD COLUMN delegated_length BIGINT;

CREATE TABLE dns_zone (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, server_id BIGINT NOT NULL REFERENCES managed_server (id) DEFERRABLE INITIALLY DEFERRED,
  space_id BIGINT NOT NULL REFERENCES address_space (id) DEFERRABLE INITIALLY DEFERRED, name TEXT COLLATE "C" NOT NULL,
  view TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL,
  UNIQUE (server_id, view, name)
);
CREATE INDEX dns_zone_name ON dns_zone (name);

CREATE TABLE access_status (
  server_id BIGINT NOT NULL, kind TEXT COLLATE "C" NOT NULL, availability TEXT COLLATE "C" NOT NULL, problem TEXT COLLATE "C" NOT NULL,
  checked_at BIGINT NOT NULL,
  PRIMARY KEY (server_id, kind)
);
