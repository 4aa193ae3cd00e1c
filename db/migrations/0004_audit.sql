-- The audit trail (G3, G10): one chain of records for each environment, each hashing the one before.
-- min-reader: 3
CREATE TABLE audit_records (
  environment  text   NOT NULL,
  seq          bigint NOT NULL CHECK (seq >= 1),
  prev_hash    text   NOT NULL,
  hash         text   NOT NULL CHECK (length(hash) = 64),
  at_ms        bigint NOT NULL,
  action       text   NOT NULL,
  target       text   NOT NULL,
  name         text   NOT NULL,
  change_id    text   NOT NULL,
  actor        text   NOT NULL,
  actor_owner  text   NOT NULL,
  actor_issuer text   NOT NULL,
  token_id     text   NOT NULL,
  request_id   text   NOT NULL,
  outcome      text   NOT NULL CHECK (outcome IN ('done', 'refused', 'failed', 'unknown')),
  state_before text   NOT NULL,  -- canonical JSON, as it was hashed
  state_after  text   NOT NULL,
  detail       text   NOT NULL,
  PRIMARY KEY (environment, seq)
);
-- A chain's newest record. Locked as the last thing before COMMIT: what makes a chain of the records.
CREATE TABLE audit_chains (
  environment text   NOT NULL PRIMARY KEY,
  seq         bigint NOT NULL,
  hash        text   NOT NULL
);

-- dialect: postgres
-- By bytes, whatever the database's locale: cursors compare these.
ALTER TABLE audit_records
  ALTER COLUMN environment TYPE text COLLATE "C",
  ALTER COLUMN name TYPE text COLLATE "C",
  ALTER COLUMN change_id TYPE text COLLATE "C",
  ALTER COLUMN actor TYPE text COLLATE "C";
ALTER TABLE audit_chains ALTER COLUMN environment TYPE text COLLATE "C";
-- One row, rewritten by every append: room for the next version beside it.
ALTER TABLE audit_chains SET (fillfactor = 50);

-- dialect: all
CREATE INDEX audit_records_by_time ON audit_records (at_ms, environment, seq);
CREATE INDEX audit_records_by_name ON audit_records (name, at_ms);
CREATE INDEX audit_records_by_actor ON audit_records (actor, at_ms);
CREATE INDEX audit_records_by_change ON audit_records (change_id, at_ms) WHERE change_id <> '';

-- Only ever added to. Whoever owns the tables can drop a trigger: that is what the checkpoints outside
-- the database are for.
-- dialect: postgres
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_records_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_records
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_chains_stay BEFORE DELETE OR TRUNCATE ON audit_chains
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_chains_grow BEFORE UPDATE ON audit_chains
  FOR EACH ROW WHEN (NEW.seq <= OLD.seq OR NEW.environment <> OLD.environment)
  EXECUTE FUNCTION audit_refuse_change();
-- ALWAYS: a session that calls itself a replica fires them, too.
ALTER TABLE audit_records ENABLE ALWAYS TRIGGER audit_records_append_only;
ALTER TABLE audit_chains ENABLE ALWAYS TRIGGER audit_chains_stay;
ALTER TABLE audit_chains ENABLE ALWAYS TRIGGER audit_chains_grow;

-- dialect: sqlite
CREATE TRIGGER audit_records_no_update BEFORE UPDATE ON audit_records
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_records_no_delete BEFORE DELETE ON audit_records
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
-- INSERT OR REPLACE deletes without firing the trigger above.
CREATE TRIGGER audit_records_no_replace BEFORE INSERT ON audit_records
WHEN EXISTS (SELECT 1 FROM audit_records WHERE environment = NEW.environment AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_chains_no_replace BEFORE INSERT ON audit_chains
WHEN EXISTS (SELECT 1 FROM audit_chains WHERE environment = NEW.environment)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_chains_no_delete BEFORE DELETE ON audit_chains
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_chains_grow BEFORE UPDATE ON audit_chains
WHEN NEW.seq <= OLD.seq OR NEW.environment <> OLD.environment
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
