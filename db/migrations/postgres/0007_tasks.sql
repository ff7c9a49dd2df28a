-- What a probe found, when zones were read, and which ranges of the plan are DHCP scopes.
ALTER TABLE server_status ADD COLUMN findings TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE server_status ADD COLUMN high_availability TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE server_status ADD COLUMN zones_collected_at BIGINT;
ALTER TABLE address_range ADD COLUMN scope_id BIGINT;
CREATE INDEX address_range_scope ON address_range (scope_id);

-- Until when an address is given.
ALTER TABLE address ADD COLUMN expires_at BIGINT;
CREATE INDEX address_expires ON address (expires_at) WHERE expires_at IS NOT NULL;
