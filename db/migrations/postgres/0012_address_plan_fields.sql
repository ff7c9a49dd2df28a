-- The fields of the address plan beyond the first ones; custom fields, their values and associations; logical groups.
-- Lists and custom values are JSON text, empty where there is nothing.

ALTER TABLE address_space ADD COLUMN provider_id BIGINT REFERENCES address_space (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE address_space ADD COLUMN custom TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE block ADD COLUMN received_at BIGINT;
ALTER TABLE block ADD COLUMN under_percent BIGINT;
ALTER TABLE block ADD COLUMN over_percent BIGINT;
ALTER TABLE block ADD COLUMN custom TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE subnet ADD COLUMN vlans TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE subnet SET vlans = '[' || CAST(vlan AS TEXT) || ']' WHERE vlan IS NOT NULL;
ALTER TABLE subnet DROP COLUMN vlan;
ALTER TABLE subnet ADD COLUMN vsid BIGINT;
ALTER TABLE subnet ADD COLUMN cooldown_seconds BIGINT;
ALTER TABLE subnet ADD COLUMN under_percent BIGINT;
ALTER TABLE subnet ADD COLUMN over_percent BIGINT;
ALTER TABLE subnet ADD COLUMN custom TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE address_range ADD COLUMN assignment TEXT COLLATE "C" NOT NULL DEFAULT 'static';
UPDATE address_range SET assignment = 'dynamic' WHERE scope_id IS NOT NULL;
ALTER TABLE address_range ADD COLUMN gateways TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN dns_servers TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN dns_suffixes TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN connection_suffix TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN wins_servers TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN reserved TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN vips TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN exclusions TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN reverse_zone TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN assigned_at BIGINT;
ALTER TABLE address_range ADD COLUMN reclaimed_at BIGINT;
ALTER TABLE address_range ADD COLUMN under_percent BIGINT;
ALTER TABLE address_range ADD COLUMN over_percent BIGINT;
ALTER TABLE address_range ADD COLUMN stated_used BIGINT;
ALTER TABLE address_range ADD COLUMN custom TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE address ADD COLUMN held_until BIGINT;
ALTER TABLE address ADD COLUMN assignment TEXT COLLATE "C" NOT NULL DEFAULT 'static';
ALTER TABLE address ADD COLUMN managed_by TEXT COLLATE "C" NOT NULL DEFAULT 'ipam';
ALTER TABLE address ADD COLUMN service_instance TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE address ADD COLUMN asset_tag TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE address ADD COLUMN serial_number TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE address ADD COLUMN operating_system TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE address ADD COLUMN client_id BYTEA;
ALTER TABLE address ADD COLUMN duid BYTEA;
ALTER TABLE address ADD COLUMN iaid BIGINT;
ALTER TABLE address ADD COLUMN custom TEXT COLLATE "C" NOT NULL DEFAULT '';
-- What becomes free by itself, and what is looked for by its hardware address or its end: few of the rows, or not asked for without.
CREATE INDEX address_held_until ON address (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX address_expires_at ON address (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX address_hardware_address ON address (hardware_address) WHERE hardware_address IS NOT NULL;

ALTER TABLE managed_server ADD COLUMN custom TEXT COLLATE "C" NOT NULL DEFAULT '';

CREATE TABLE custom_field (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, name TEXT COLLATE "C" NOT NULL UNIQUE, kind TEXT COLLATE "C" NOT NULL, built_in BIGINT NOT NULL,
  description TEXT COLLATE "C" NOT NULL
);
CREATE TABLE custom_field_value (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, field_id BIGINT NOT NULL REFERENCES custom_field (id) DEFERRABLE INITIALLY DEFERRED, text TEXT COLLATE "C" NOT NULL,
  built_in BIGINT NOT NULL,
  UNIQUE (field_id, text)
);
CREATE TABLE custom_field_association (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, first_field_id BIGINT NOT NULL REFERENCES custom_field (id) DEFERRABLE INITIALLY DEFERRED,
  second_field_id BIGINT NOT NULL REFERENCES custom_field (id) DEFERRABLE INITIALLY DEFERRED, pairs TEXT COLLATE "C" NOT NULL,
  UNIQUE (first_field_id, second_field_id)
);
CREATE TABLE logical_group (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, name TEXT COLLATE "C" NOT NULL UNIQUE, kind TEXT COLLATE "C" NOT NULL, fields TEXT COLLATE "C" NOT NULL, built_in BIGINT NOT NULL,
  description TEXT COLLATE "C" NOT NULL
);
-- Derived from the custom values of all objects.
CREATE TABLE custom_use (
  field_id BIGINT NOT NULL, value TEXT COLLATE "C" NOT NULL, object_type TEXT COLLATE "C" NOT NULL, object_id BIGINT NOT NULL,
  PRIMARY KEY (field_id, value, object_type, object_id)
);
