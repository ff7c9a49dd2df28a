-- Domains whose servers are looked for in their directory, what was found there, and how the last reading went.

CREATE TABLE discovery_domain (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, name TEXT COLLATE "C" NOT NULL UNIQUE, controllers TEXT COLLATE "C" NOT NULL, protection TEXT COLLATE "C" NOT NULL,
  credential_id BIGINT REFERENCES credential (id) DEFERRABLE INITIALLY DEFERRED, tls_trust TEXT COLLATE "C" NOT NULL, tls_fingerprint TEXT COLLATE "C" NOT NULL,
  domain_controllers BIGINT NOT NULL, dhcp_servers BIGINT NOT NULL, dns_servers BIGINT NOT NULL, policy_servers BIGINT NOT NULL,
  enabled BIGINT NOT NULL, description TEXT COLLATE "C" NOT NULL
);
CREATE INDEX discovery_domain_credential ON discovery_domain (credential_id);

-- Facts refer to objects without a constraint.
CREATE TABLE domain_server (
  id BIGINT PRIMARY KEY, discovery_domain_id BIGINT NOT NULL, identity TEXT COLLATE "C" NOT NULL, host_name TEXT COLLATE "C" NOT NULL, names TEXT COLLATE "C" NOT NULL,
  addresses TEXT COLLATE "C" NOT NULL, roles TEXT COLLATE "C" NOT NULL, domain TEXT COLLATE "C" NOT NULL, site TEXT COLLATE "C" NOT NULL, account TEXT COLLATE "C" NOT NULL,
  operating_system TEXT COLLATE "C" NOT NULL, operating_system_version TEXT COLLATE "C" NOT NULL, disabled BIGINT NOT NULL, read_only BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL, changes TEXT COLLATE "C" NOT NULL, evidence TEXT COLLATE "C" NOT NULL, first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL,
  changed_at BIGINT,
  UNIQUE (discovery_domain_id, identity)
);

CREATE TABLE domain_status (
  id BIGINT PRIMARY KEY, problem TEXT COLLATE "C" NOT NULL, checked_at BIGINT NOT NULL, read_at BIGINT, controller TEXT COLLATE "C" NOT NULL,
  forest TEXT COLLATE "C" NOT NULL, domains TEXT COLLATE "C" NOT NULL, trusts TEXT COLLATE "C" NOT NULL, sites TEXT COLLATE "C" NOT NULL, subnets TEXT COLLATE "C" NOT NULL, zones TEXT COLLATE "C" NOT NULL,
  findings TEXT COLLATE "C" NOT NULL
);
