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
