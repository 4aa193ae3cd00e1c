-- The policy document's versions: the newest is in force, none ever changes (G14, G27).
CREATE TABLE governance_policies (
  version       bigint NOT NULL PRIMARY KEY CHECK (version > 0),
  digest        text   NOT NULL,
  label         text   NOT NULL,  -- what the document calls its own version
  document      text   NOT NULL,  -- as it was written
  author        text   NOT NULL,
  author_owner  text   NOT NULL,
  author_issuer text   NOT NULL,
  change_id     text   NOT NULL DEFAULT '',  -- by which it was approved
  created_at_ms bigint NOT NULL
);
