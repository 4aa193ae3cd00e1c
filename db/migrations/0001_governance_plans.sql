-- Plans as they were shown to their requester. A change is planned again as a new revision; a
-- revision never changes.
CREATE TABLE governance_plans (
  change_id     text   NOT NULL,
  revision      bigint NOT NULL,
  digest        text   NOT NULL,
  environment   text   NOT NULL,
  requester     text   NOT NULL,
  created_at_ms bigint NOT NULL,
  document      text   NOT NULL,
  PRIMARY KEY (change_id, revision)
);
CREATE INDEX governance_plans_by_created_at ON governance_plans (created_at_ms);
CREATE INDEX governance_plans_by_environment ON governance_plans (environment, created_at_ms);

-- dialect: postgres
-- json, not jsonb: the document comes back byte for byte.
ALTER TABLE governance_plans
  ALTER COLUMN change_id TYPE text COLLATE "C",
  ALTER COLUMN document TYPE json USING document::json;
