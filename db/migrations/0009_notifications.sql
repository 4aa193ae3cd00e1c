-- What is to be told, to whom (G13). One row a target and part, written in the transaction of what is
-- told. attempts is the fence: who marks a delivery names the attempt it was given.
CREATE TABLE notify_deliveries (
  id             text   NOT NULL PRIMARY KEY,  -- UUIDv7; goes out with every attempt
  target         text   NOT NULL,
  part           text   NOT NULL CHECK (part IN ('message', 'transition')),
  event          text   NOT NULL,
  environment    text   NOT NULL,
  change_id      text   NOT NULL,
  message        text   NOT NULL,
  state          text   NOT NULL CHECK (state IN ('PENDING', 'DELIVERED', 'DEAD')),
  attempts       bigint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  reason         text   NOT NULL DEFAULT '',   -- of the last failure
  created_at_ms  bigint NOT NULL,
  queued_at_ms   bigint NOT NULL,              -- now and not created_at_ms when retried by a person
  due_at_ms      bigint NOT NULL,
  lease_until_ms bigint NOT NULL DEFAULT 0,    -- on the database's clock, like due_at_ms
  finished_at_ms bigint,
  CHECK ((state = 'PENDING') = (finished_at_ms IS NULL)),
  CHECK (state <> 'DEAD' OR reason <> '')
);
CREATE INDEX notify_deliveries_due ON notify_deliveries (target, due_at_ms) WHERE state = 'PENDING';
CREATE INDEX notify_deliveries_by_state ON notify_deliveries (state, finished_at_ms);

-- dialect: postgres
ALTER TABLE notify_deliveries
  ALTER COLUMN id TYPE text COLLATE "C",
  ALTER COLUMN message TYPE json USING message::json;
