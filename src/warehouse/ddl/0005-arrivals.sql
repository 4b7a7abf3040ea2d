-- What the tracking API accepted, on disk before it is acknowledged, until it is settled into facts.
--
-- Grain: one fact that a call states. `slot` is the minute in which it was written and names the partition; `batch` is one
-- write of one process, whose rows are all there or none, and the same when it is written again; `position` its order
-- in the batch. `into` is the fact table it belongs to; of the columns after it each table has its own, as in 0001.

CREATE TABLE IF NOT EXISTS arrivals (
  slot DateTime('UTC'),
  batch String,
  position UInt32,
  `into` LowCardinality(String),
  account_id String,
  user_id String,
  `time` DateTime64(3, 'UTC'),
  event LowCardinality(String),
  message_id String,
  session_id String,
  properties Map(LowCardinality(String), String),
  previous_id String,
  anonymous_id String,
  entity LowCardinality(String),
  name LowCardinality(String),
  value String,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY slot
ORDER BY (batch, position)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Batches of arrivals that are facts by now.
CREATE TABLE IF NOT EXISTS settled_batches (
  slot DateTime('UTC'),
  batch String,
  settled_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY slot
ORDER BY batch
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
