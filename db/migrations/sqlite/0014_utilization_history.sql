-- How full the objects of the address plan were.
CREATE TABLE utilization_sample (
  kind TEXT NOT NULL, object_id INTEGER NOT NULL, at INTEGER NOT NULL, capacity INTEGER NOT NULL, used INTEGER NOT NULL, assigned INTEGER NOT NULL,
  reserved INTEGER NOT NULL, leased INTEGER NOT NULL,
  PRIMARY KEY (kind, object_id, at)
) STRICT, WITHOUT ROWID;
-- What is thinned out or purged is found by its age.
CREATE INDEX utilization_sample_at ON utilization_sample (at);
CREATE INDEX scope_utilization_at ON scope_utilization (at);
