-- Which nodes work with this database: signs of life, by its own clock.
CREATE TABLE node_presence (node TEXT COLLATE "C" PRIMARY KEY, until BIGINT NOT NULL);
