-- What is said of every account and its users now, as the answers in memory are made of it: written by the one process that
-- computes, read by all. Grain: account. `seq` grows with every writing; the row with the largest counts. An empty entry:
-- the account is gone. Derived; always recomputable.

CREATE TABLE IF NOT EXISTS book (
  account_id String,
  seq UInt64,
  model_version LowCardinality(String),
  entry String,
  written_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(seq)
ORDER BY account_id;
