-- What the allocation strategy "next" took last in a place: where it goes on.
CREATE TABLE allocation_cursor (space_id BIGINT NOT NULL, place BYTEA NOT NULL, last BYTEA NOT NULL, PRIMARY KEY (space_id, place));
