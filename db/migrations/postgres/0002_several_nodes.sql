-- Several nodes on one database: the feed of commits, leases of tasks, and what ties nodes to the database.

CREATE TABLE database_property (name TEXT COLLATE "C" PRIMARY KEY, value TEXT COLLATE "C" NOT NULL);

CREATE TABLE change_feed (
  position BIGINT PRIMARY KEY, at BIGINT NOT NULL, node TEXT COLLATE "C" NOT NULL, sequence BIGINT NOT NULL, content BYTEA NOT NULL
);

-- A commit sets the position to -1 when it is not the one it was made on: the check refuses that, and with it the whole commit. Room in the page
-- lets the row's versions stay in it.
CREATE TABLE feed_head (
  name TEXT COLLATE "C" PRIMARY KEY, position BIGINT NOT NULL CONSTRAINT feed_head_moved CHECK (position >= 0)
) WITH (fillfactor = 10);
INSERT INTO feed_head (name, position) VALUES ('ledger', 0);

CREATE TABLE task_lease (
  task TEXT COLLATE "C" PRIMARY KEY, holder TEXT COLLATE "C" NOT NULL, token BIGINT NOT NULL, until BIGINT NOT NULL
);
