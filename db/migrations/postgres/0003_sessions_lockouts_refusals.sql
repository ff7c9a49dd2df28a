-- What is kept of sessions beside what signs in with them; failed sign-ins; refused requests. Whoever is signed in signs in again.
DELETE FROM session;

CREATE TABLE session_use (hash BYTEA PRIMARY KEY, id BIGINT NOT NULL UNIQUE, address TEXT COLLATE "C" NOT NULL, last_used_at BIGINT NOT NULL);
CREATE INDEX session_use_last ON session_use (last_used_at);

CREATE TABLE lockout (
  id BIGINT PRIMARY KEY, kind TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL, failures BIGINT NOT NULL,
  last_failure_at BIGINT NOT NULL, blocked_until BIGINT NOT NULL
);

CREATE TABLE refusal (
  id BIGINT PRIMARY KEY, first_at BIGINT NOT NULL, last_at BIGINT NOT NULL, count BIGINT NOT NULL, status BIGINT NOT NULL,
  user_name TEXT COLLATE "C" NOT NULL, address TEXT COLLATE "C" NOT NULL, method TEXT COLLATE "C" NOT NULL, route TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL, request_id TEXT COLLATE "C" NOT NULL
);
CREATE INDEX refusal_last ON refusal (last_at);
