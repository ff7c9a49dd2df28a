-- Changes that were made on managed servers. `server_id` is no reference: what was changed is told longer than the server is managed.
CREATE TABLE server_change (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, server_id INTEGER NOT NULL, server TEXT NOT NULL, state TEXT NOT NULL, what TEXT NOT NULL,
  changes TEXT NOT NULL, problem TEXT NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, change_reference TEXT NOT NULL,
  announced_at INTEGER NOT NULL, ended_at INTEGER, parts TEXT NOT NULL, undoes INTEGER, undone_by INTEGER
) STRICT;
CREATE INDEX server_change_server ON server_change (server_id, state);
