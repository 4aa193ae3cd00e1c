-- Plans are the largest rows: a thousand topics are a megabyte of JSON. lz4 packs it several times as fast as the
-- method that PostgreSQL takes by default. Rows that are there stay as they are.
-- min-reader: 9

-- dialect: postgres
DO $$
BEGIN
  ALTER TABLE governance_plans ALTER COLUMN document SET COMPRESSION lz4, ALTER COLUMN batch SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;  -- a PostgreSQL that was built without it
END $$;
