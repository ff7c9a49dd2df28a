-- How many networks of /64 there are in IPv6 blocks and subnets, and how many of them are taken.
ALTER TABLE utilization_sample ADD COLUMN networks BIGINT NOT NULL DEFAULT 0;
ALTER TABLE utilization_sample ADD COLUMN networks_used BIGINT NOT NULL DEFAULT 0;
