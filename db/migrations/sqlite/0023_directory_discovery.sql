-- Domains whose servers are looked for in their directory, what was found there, and how the last reading went.

CREATE TABLE discovery_domain (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, controllers TEXT NOT NULL, protection TEXT NOT NULL,
  credential_id INTEGER REFERENCES credential (id), tls_trust TEXT NOT NULL, tls_fingerprint TEXT NOT NULL,
  domain_controllers INTEGER NOT NULL, dhcp_servers INTEGER NOT NULL, dns_servers INTEGER NOT NULL, policy_servers INTEGER NOT NULL,
  enabled INTEGER NOT NULL, description TEXT NOT NULL
) STRICT;
CREATE INDEX discovery_domain_credential ON discovery_domain (credential_id);

-- Facts refer to objects without a constraint.
CREATE TABLE domain_server (
  id INTEGER PRIMARY KEY, discovery_domain_id INTEGER NOT NULL, identity TEXT NOT NULL, host_name TEXT NOT NULL, names TEXT NOT NULL,
  addresses TEXT NOT NULL, roles TEXT NOT NULL, domain TEXT NOT NULL, site TEXT NOT NULL, account TEXT NOT NULL,
  operating_system TEXT NOT NULL, operating_system_version TEXT NOT NULL, disabled INTEGER NOT NULL, read_only INTEGER NOT NULL,
  state TEXT NOT NULL, changes TEXT NOT NULL, evidence TEXT NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
  changed_at INTEGER,
  UNIQUE (discovery_domain_id, identity)
) STRICT;

CREATE TABLE domain_status (
  id INTEGER PRIMARY KEY, problem TEXT NOT NULL, checked_at INTEGER NOT NULL, read_at INTEGER, controller TEXT NOT NULL,
  forest TEXT NOT NULL, domains TEXT NOT NULL, trusts TEXT NOT NULL, sites TEXT NOT NULL, subnets TEXT NOT NULL, zones TEXT NOT NULL,
  findings TEXT NOT NULL
) STRICT;
