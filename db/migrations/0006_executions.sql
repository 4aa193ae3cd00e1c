-- Applies: executions, their items, and who holds which resource (G29).

-- An approval starts one execution. The lease is on the database's clock; every write of the one who
-- runs it names the epoch it was given.
CREATE TABLE governance_executions (
  id             text   NOT NULL PRIMARY KEY,
  change_id      text   NOT NULL,
  revision       bigint NOT NULL,
  digest         text   NOT NULL,
  approval_id    text   NOT NULL UNIQUE,
  environment    text   NOT NULL,
  cluster_id     text   NOT NULL,
  state          text   NOT NULL CHECK (state IN ('RUNNING', 'APPLIED', 'PARTIAL', 'FAILED')),
  started_by     text   NOT NULL,
  started_by_owner text NOT NULL,
  request_id     text   NOT NULL,
  started_at_ms  bigint NOT NULL,
  finished_at_ms bigint,
  lease_owner    text   NOT NULL,
  lease_epoch    bigint NOT NULL,
  lease_until_ms bigint NOT NULL
);
CREATE INDEX governance_executions_by_change ON governance_executions (change_id, revision);

CREATE TABLE governance_execution_items (
  execution_id  text    NOT NULL REFERENCES governance_executions (id) ON DELETE CASCADE,
  position      bigint  NOT NULL,
  name          text    NOT NULL,
  action        text    NOT NULL,
  state         text    NOT NULL CHECK (state IN ('PENDING', 'INTENT', 'DONE', 'FAILED', 'STALE', 'UNKNOWN')),
  code          text    NOT NULL DEFAULT '',
  message       text    NOT NULL DEFAULT '',
  retryable     boolean NOT NULL DEFAULT false,
  topic_id      text    NOT NULL DEFAULT '',  -- after the change
  attempts      bigint  NOT NULL DEFAULT 0,
  updated_at_ms bigint  NOT NULL,
  PRIMARY KEY (execution_id, position)
);

-- One applier per environment and resource. Rows go when their execution ends.
CREATE TABLE governance_locks (
  environment  text NOT NULL,
  resource     text NOT NULL,
  execution_id text NOT NULL REFERENCES governance_executions (id) ON DELETE CASCADE,
  PRIMARY KEY (environment, resource)
);
CREATE INDEX governance_locks_by_execution ON governance_locks (execution_id);
