-- Changes that were made on managed servers. `server_id` is no reference: what was changed is told longer than the server is managed.
CREATE TABLE server_change (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, server_id BIGINT NOT NULL, server TEXT COLLATE "C" NOT NULL, state TEXT COLLATE "C" NOT NULL, what TEXT COLLATE "C" NOT NULL,
  changes TEXT COLLATE "C" NOT NULL, problem TEXT COLLATE "C" NOT NULL, actor TEXT COLLATE "C" NOT NULL, reason TEXT COLLATE "C" NOT NULL, change_reference TEXT COLLATE "C" NOT NULL,
  announced_at BIGINT NOT NULL, ended_at BIGINT, parts TEXT COLLATE "C" NOT NULL, undoes BIGINT, undone_by BIGINT
);
CREATE INDEX server_change_server ON server_change (server_id, state);
