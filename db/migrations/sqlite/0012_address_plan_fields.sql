-- The fields of the address plan beyond the first ones; custom fields, their values and associations; logical groups.
-- Lists and custom values are JSON text, empty where there is nothing.

ALTER TABLE address_space ADD COLUMN provider_id INTEGER REFERENCES address_space (id);
ALTER TABLE address_space ADD COLUMN custom TEXT NOT NULL DEFAULT '';

ALTER TABLE block ADD COLUMN received_at INTEGER;
ALTER TABLE block ADD COLUMN under_percent INTEGER;
ALTER TABLE block ADD COLUMN over_percent INTEGER;
ALTER TABLE block ADD COLUMN custom TEXT NOT NULL DEFAULT '';

ALTER TABLE subnet ADD COLUMN vlans TEXT NOT NULL DEFAULT '';
UPDATE subnet SET vlans = '[' || CAST(vlan AS TEXT) || ']' WHERE vlan IS NOT NULL;
ALTER TABLE subnet DROP COLUMN vlan;
ALTER TABLE subnet ADD COLUMN vsid INTEGER;
ALTER TABLE subnet ADD COLUMN cooldown_seconds INTEGER;
ALTER TABLE subnet ADD COLUMN under_percent INTEGER;
ALTER TABLE subnet ADD COLUMN over_percent INTEGER;
ALTER TABLE subnet ADD COLUMN custom TEXT NOT NULL DEFAULT '';

ALTER TABLE address_range ADD COLUMN assignment TEXT NOT NULL DEFAULT 'static';
UPDATE address_range SET assignment = 'dynamic' WHERE scope_id IS NOT NULL;
ALTER TABLE address_range ADD COLUMN gateways TEXT NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN dns_servers TEXT NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN dns_suffixes TEXT NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN connection_suffix TEXT NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN wins_servers TEXT NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN reserved TEXT NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN vips TEXT NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN exclusions TEXT NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN reverse_zone TEXT NOT NULL DEFAULT '';
ALTER TABLE address_range ADD COLUMN assigned_at INTEGER;
ALTER TABLE address_range ADD COLUMN reclaimed_at INTEGER;
ALTER TABLE address_range ADD COLUMN under_percent INTEGER;
ALTER TABLE address_range ADD COLUMN over_percent INTEGER;
ALTER TABLE address_range ADD COLUMN stated_used INTEGER;
ALTER TABLE address_range ADD COLUMN custom TEXT NOT NULL DEFAULT '';

ALTER TABLE address ADD COLUMN held_until INTEGER;
ALTER TABLE address ADD COLUMN assignment TEXT NOT NULL DEFAULT 'static';
ALTER TABLE address ADD COLUMN managed_by TEXT NOT NULL DEFAULT 'ipam';
ALTER TABLE address ADD COLUMN service_instance TEXT NOT NULL DEFAULT '';
ALTER TABLE address ADD COLUMN asset_tag TEXT NOT NULL DEFAULT '';
ALTER TABLE address ADD COLUMN serial_number TEXT NOT NULL DEFAULT '';
ALTER TABLE address ADD COLUMN operating_system TEXT NOT NULL DEFAULT '';
ALTER TABLE address ADD COLUMN client_id BLOB;
ALTER TABLE address ADD COLUMN duid BLOB;
ALTER TABLE address ADD COLUMN iaid INTEGER;
ALTER TABLE address ADD COLUMN custom TEXT NOT NULL DEFAULT '';
-- What becomes free by itself, and what is looked for by its hardware address or its end: few of the rows, or not asked for without.
CREATE INDEX address_held_until ON address (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX address_expires_at ON address (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX address_hardware_address ON address (hardware_address) WHERE hardware_address IS NOT NULL;

ALTER TABLE managed_server ADD COLUMN custom TEXT NOT NULL DEFAULT '';

CREATE TABLE custom_field (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, built_in INTEGER NOT NULL,
  description TEXT NOT NULL
) STRICT;
CREATE TABLE custom_field_value (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, field_id INTEGER NOT NULL REFERENCES custom_field (id), text TEXT NOT NULL,
  built_in INTEGER NOT NULL,
  UNIQUE (field_id, text)
) STRICT;
CREATE TABLE custom_field_association (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, first_field_id INTEGER NOT NULL REFERENCES custom_field (id),
  second_field_id INTEGER NOT NULL REFERENCES custom_field (id), pairs TEXT NOT NULL,
  UNIQUE (first_field_id, second_field_id)
) STRICT;
CREATE TABLE logical_group (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, fields TEXT NOT NULL, built_in INTEGER NOT NULL,
  description TEXT NOT NULL
) STRICT;
-- Derived from the custom values of all objects.
CREATE TABLE custom_use (
  field_id INTEGER NOT NULL, value TEXT NOT NULL, object_type TEXT NOT NULL, object_id INTEGER NOT NULL,
  PRIMARY KEY (field_id, value, object_type, object_id)
) STRICT, WITHOUT ROWID;
