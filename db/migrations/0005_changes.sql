-- Changes, their revisions and approvals (G2, G25).

-- A revision: who asked, as the persons whom two people are told apart by, and what it binds.
ALTER TABLE governance_plans ADD COLUMN kind text NOT NULL DEFAULT 'topics';
ALTER TABLE governance_plans ADD COLUMN requester_owner text NOT NULL DEFAULT '';
ALTER TABLE governance_plans ADD COLUMN requester_issuer text NOT NULL DEFAULT '';
ALTER TABLE governance_plans ADD COLUMN requester_token_id text NOT NULL DEFAULT '';  -- whose token, not a person
ALTER TABLE governance_plans ADD COLUMN cluster_id text NOT NULL DEFAULT '';
ALTER TABLE governance_plans ADD COLUMN policy_version text NOT NULL DEFAULT '';
ALTER TABLE governance_plans ADD COLUMN policy_digest text NOT NULL DEFAULT '';
ALTER TABLE governance_plans ADD COLUMN live_fingerprint text NOT NULL DEFAULT '';
ALTER TABLE governance_plans ADD COLUMN batch_digest text NOT NULL DEFAULT '';
ALTER TABLE governance_plans ADD COLUMN batch text NOT NULL DEFAULT '';
ALTER TABLE governance_plans ADD COLUMN required_approvals bigint NOT NULL DEFAULT 1;
-- What an approval's foreign key holds on to: it cannot name another requester than the plan's.
CREATE UNIQUE INDEX governance_plans_as_requested
  ON governance_plans (change_id, revision, digest, requester, requester_owner, requester_issuer);

-- One row a change: the state that its newest revision is in.
CREATE TABLE governance_changes (
  change_id         text   NOT NULL PRIMARY KEY,
  kind              text   NOT NULL,
  environment       text   NOT NULL,
  state             text   NOT NULL CHECK (state IN ('PLANNED', 'APPROVED', 'REJECTED', 'CANCELLED',
                                                     'APPLYING', 'APPLIED', 'PARTIAL', 'FAILED')),
  revision          bigint NOT NULL,
  digest            text   NOT NULL,
  requester         text   NOT NULL,
  spent_revision    bigint NOT NULL DEFAULT 0,  -- decisions up to it count no more: applied, rejected, cancelled
  created_at_ms     bigint NOT NULL,
  updated_at_ms     bigint NOT NULL
);
CREATE INDEX governance_changes_by_update ON governance_changes (updated_at_ms, change_id);
CREATE INDEX governance_changes_by_state ON governance_changes (environment, state, updated_at_ms);

CREATE TABLE governance_approvals (
  id               text   NOT NULL PRIMARY KEY,
  change_id        text   NOT NULL,
  revision         bigint NOT NULL,
  digest           text   NOT NULL,
  requester        text   NOT NULL,
  requester_owner  text   NOT NULL,
  requester_issuer text   NOT NULL,
  approver         text   NOT NULL,
  approver_owner   text   NOT NULL,
  approver_issuer  text   NOT NULL,
  approver_token_id text  NOT NULL DEFAULT '',
  decision         text   NOT NULL CHECK (decision IN ('approve', 'reject')),
  comment          text   NOT NULL DEFAULT '',
  statement        text   NOT NULL DEFAULT '',  -- what was signed, with its signature
  created_at_ms    bigint NOT NULL,
  expires_at_ms    bigint NOT NULL,
  FOREIGN KEY (change_id, revision, digest, requester, requester_owner, requester_issuer)
    REFERENCES governance_plans (change_id, revision, digest, requester, requester_owner, requester_issuer)
    ON DELETE CASCADE,
  -- Four eyes: neither the holder of the approver's token nor whoever issued it may be, in any way or
  -- spelling, the one who asked. Persons are kept in lower case, without blanks around, and never empty.
  CHECK (approver_owner <> '' AND approver_issuer <> '' AND requester_owner <> '' AND requester_issuer <> ''),
  CHECK (approver_owner = trim(lower(approver_owner)) AND approver_issuer = trim(lower(approver_issuer))
         AND requester_owner = trim(lower(requester_owner)) AND requester_issuer = trim(lower(requester_issuer))),
  CHECK (decision = 'reject'
         OR (trim(lower(approver)) <> trim(lower(requester))
             AND approver_owner <> requester_owner AND approver_owner <> requester_issuer
             AND approver_issuer <> requester_owner AND approver_issuer <> requester_issuer)),
  -- One person decides once, and may think better of an approval.
  UNIQUE (change_id, revision, approver_owner, decision)
);

-- dialect: postgres
-- Bytes decide: lower() must not depend on the server's locale.
ALTER TABLE governance_changes ALTER COLUMN change_id TYPE text COLLATE "C";
ALTER TABLE governance_approvals
  ALTER COLUMN change_id TYPE text COLLATE "C",
  ALTER COLUMN requester TYPE text COLLATE "C",
  ALTER COLUMN requester_owner TYPE text COLLATE "C",
  ALTER COLUMN requester_issuer TYPE text COLLATE "C",
  ALTER COLUMN approver TYPE text COLLATE "C",
  ALTER COLUMN approver_owner TYPE text COLLATE "C",
  ALTER COLUMN approver_issuer TYPE text COLLATE "C";
