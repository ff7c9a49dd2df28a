-- Answers that are kept under the key of a request, and long pieces of work. Bookkeeping.

CREATE TABLE kept_answer (
  hash BYTEA PRIMARY KEY, user_id BIGINT NOT NULL, fingerprint TEXT COLLATE "C" NOT NULL, steps TEXT COLLATE "C" NOT NULL, status BIGINT NOT NULL, headers TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL
);
CREATE INDEX kept_answer_expires ON kept_answer (expires_at);

CREATE TABLE operation (
  id BIGINT PRIMARY KEY, kind TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL, actor TEXT COLLATE "C" NOT NULL, user_id BIGINT NOT NULL, request_id TEXT COLLATE "C" NOT NULL,
  node TEXT COLLATE "C" NOT NULL, state TEXT COLLATE "C" NOT NULL, percent BIGINT NOT NULL, message TEXT COLLATE "C" NOT NULL, result TEXT COLLATE "C" NOT NULL, started_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX operation_started ON operation (started_at);
CREATE INDEX operation_state ON operation (state);

CREATE TABLE operation_part (
  operation_id BIGINT NOT NULL, number BIGINT NOT NULL, name TEXT COLLATE "C" NOT NULL, state TEXT COLLATE "C" NOT NULL, message TEXT COLLATE "C" NOT NULL, started_at BIGINT,
  ended_at BIGINT,
  PRIMARY KEY (operation_id, number)
);
