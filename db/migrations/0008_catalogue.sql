-- What exists, and what was declared (G8, G27, G28).

-- What each topic was last declared to be, by the apply that did so. Written with its outcome.
CREATE TABLE governance_declarations (
  environment   text   NOT NULL,
  name          text   NOT NULL,
  topic_id      text   NOT NULL,
  change_id     text   NOT NULL,
  revision      bigint NOT NULL,
  declaration   text   NOT NULL,  -- canonical JSON
  applied_at_ms bigint NOT NULL,
  PRIMARY KEY (environment, name)
);

-- dialect: postgres
ALTER TABLE governance_declarations ALTER COLUMN name TYPE text COLLATE "C";

-- dialect: all
-- What exists, as the last look at each cluster found it. Questions are answered from memory, which
-- follows by version.
CREATE TABLE governance_catalogue (
  environment        text    NOT NULL,
  name               text    NOT NULL,
  version            bigint  NOT NULL,  -- of governance_catalogue_clock, when the row was last written
  topic_id           text    NOT NULL,
  partitions         bigint  NOT NULL,
  replication_factor bigint  NOT NULL,
  internal           boolean NOT NULL,
  state              text    NOT NULL,  -- canonical JSON: the topic's own configs, and metadata
  changes            text    NOT NULL,  -- canonical JSON: [[field, before, after], …]
  first_seen_ms      bigint  NOT NULL,
  last_change_ms     bigint  NOT NULL,
  gone_at_ms         bigint,
  PRIMARY KEY (environment, name)
);
CREATE INDEX governance_catalogue_by_version ON governance_catalogue (version);

CREATE TABLE governance_catalogue_syncs (
  environment         text   NOT NULL PRIMARY KEY,
  synced_at_ms        bigint NOT NULL,
  groups_read_at_ms   bigint,  -- when who reads the topics was last looked at; NULL: never
  groups_unread       bigint NOT NULL DEFAULT 0,  -- groups that did not answer that look
  forgotten_before_ms bigint  -- topics gone since before then have been dropped
);

-- Who reads a topic, as the last look found it. Apart from the topics, for lag changes all the time.
CREATE TABLE governance_catalogue_groups (
  environment text   NOT NULL,
  name        text   NOT NULL,
  version     bigint NOT NULL,  -- as above
  readers     text   NOT NULL,  -- canonical JSON: [{group, lag, members, state}, …]
  PRIMARY KEY (environment, name)
);
CREATE INDEX governance_catalogue_groups_by_version ON governance_catalogue_groups (version);

-- One row. Every writer of the catalogue counts it up first, which makes the others wait: versions
-- become visible in their order, so that a reader who follows them misses none.
CREATE TABLE governance_catalogue_clock (
  only_row bigint NOT NULL PRIMARY KEY CHECK (only_row = 1),
  version  bigint NOT NULL
);
INSERT INTO governance_catalogue_clock (only_row, version) VALUES (1, 0);

-- dialect: postgres
ALTER TABLE governance_catalogue
  ALTER COLUMN environment TYPE text COLLATE "C", ALTER COLUMN name TYPE text COLLATE "C";
ALTER TABLE governance_catalogue_groups
  ALTER COLUMN environment TYPE text COLLATE "C", ALTER COLUMN name TYPE text COLLATE "C";

-- dialect: all
-- The drift that people were told of last.
CREATE TABLE governance_drift (
  environment   text   NOT NULL PRIMARY KEY,
  digest        text   NOT NULL,
  drifted       bigint NOT NULL,
  checked_at_ms bigint NOT NULL
);
