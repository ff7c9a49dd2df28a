-- Where servers are looked for, and what was found there. Facts refer to objects without a constraint: they outlive them until the next pass.

CREATE TABLE discovery_target (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, name TEXT COLLATE "C" NOT NULL UNIQUE, kea_ports TEXT COLLATE "C" NOT NULL,
  dns_ports TEXT COLLATE "C" NOT NULL, statistics_ports TEXT COLLATE "C" NOT NULL, enabled BIGINT NOT NULL, description TEXT COLLATE "C" NOT NULL
);

CREATE TABLE discovered_server (
  id BIGINT PRIMARY KEY, address BYTEA NOT NULL, port BIGINT NOT NULL, product TEXT COLLATE "C" NOT NULL, endpoint TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL, version TEXT COLLATE "C" NOT NULL, evidence TEXT COLLATE "C" NOT NULL, target_id BIGINT NOT NULL, server_id BIGINT,
  first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL,
  UNIQUE (address, port, product)
);
CREATE INDEX discovered_server_target ON discovered_server (target_id);
CREATE INDEX discovered_server_managed ON discovered_server (server_id);
