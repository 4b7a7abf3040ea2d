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

-- How far live computation has come: every tracked fact received before `received_through` is in the answers of the days
-- that it touches, under that version of the model.
CREATE TABLE IF NOT EXISTS live_marks (
  model_version String,
  received_through DateTime64(3, 'UTC'),
  written_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(written_at)
ORDER BY model_version;
