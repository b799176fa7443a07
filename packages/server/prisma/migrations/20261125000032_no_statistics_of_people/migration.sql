-- What ANALYZE learns of a column is kept in pg_statistic: samples of values, which stay when their rows are erased. Of what
-- tells people apart nothing is sampled. Rows are found by unique keys, of which the planner needs to know nothing more.
ALTER TABLE person
  ALTER COLUMN id SET STATISTICS 0,
  ALTER COLUMN key_hash SET STATISTICS 0,
  ALTER COLUMN hashed_with SET STATISTICS 0;

ALTER TABLE idempotent_answer
  ALTER COLUMN caller SET STATISTICS 0,
  ALTER COLUMN key SET STATISTICS 0,
  ALTER COLUMN fingerprint SET STATISTICS 0,
  ALTER COLUMN answer SET STATISTICS 0;
