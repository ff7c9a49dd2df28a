-- Where servers are looked for, and what was found there. Facts refer to objects without a constraint: they outlive them until the next pass.

CREATE TABLE discovery_target (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, kea_ports TEXT NOT NULL, dns_ports TEXT NOT NULL,
  statistics_ports TEXT NOT NULL, enabled INTEGER NOT NULL, description TEXT NOT NULL
) STRICT;

CREATE TABLE discovered_server (
  id INTEGER PRIMARY KEY, address BLOB NOT NULL, port INTEGER NOT NULL, product TEXT NOT NULL, endpoint TEXT NOT NULL, state TEXT NOT NULL,
  version TEXT NOT NULL, evidence TEXT NOT NULL, target_id INTEGER NOT NULL, server_id INTEGER, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
  UNIQUE (address, port, product)
) STRICT;
CREATE INDEX discovered_server_target ON discovered_server (target_id);
CREATE INDEX discovered_server_managed ON discovered_server (server_id);
