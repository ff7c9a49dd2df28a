-- How full the objects of the address plan were.
CREATE TABLE utilization_sample (
  kind TEXT COLLATE "C" NOT NULL, object_id BIGINT NOT NULL, at BIGINT NOT NULL, capacity BIGINT NOT NULL, used BIGINT NOT NULL, assigned BIGINT NOT NULL,
  reserved BIGINT NOT NULL, leased BIGINT NOT NULL,
  PRIMARY KEY (kind, object_id, at)
);
-- What is thinned out or purged is found by its age.
CREATE INDEX utilization_sample_at ON utilization_sample (at);
CREATE INDEX scope_utilization_at ON scope_utilization (at);
