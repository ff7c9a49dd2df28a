-- What the allocation strategy "next" took last in a place: where it goes on.
CREATE TABLE allocation_cursor (space_id INTEGER NOT NULL, place BLOB NOT NULL, last BLOB NOT NULL, PRIMARY KEY (space_id, place)) STRICT, WITHOUT ROWID;
