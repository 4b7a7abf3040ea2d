-- What imports did: the rows they refused, the runs themselves, and what each source is known to cover.

CREATE TABLE IF NOT EXISTS quarantine (
  import_id String,
  table_name LowCardinality(String),
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  field LowCardinality(String),
  reason LowCardinality(String),
  message String,
  raw String,
  raw_key UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (table_name, file, line, field)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS imports (
  import_id String,
  started_at DateTime64(3, 'UTC'),
  status LowCardinality(String),
  report String,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (started_at, import_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- One row per source and table, the latest `received_at` counts. covers_from and complete_through are null where the
-- source says nothing and holds nothing to derive them from; complete_through is exclusive.
CREATE TABLE IF NOT EXISTS coverage (
  source LowCardinality(String),
  table_name LowCardinality(String),
  covers_from Nullable(DateTime64(3, 'UTC')),
  complete_through Nullable(DateTime64(3, 'UTC')),
  carries_users UInt8,
  rows UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(received_at)
ORDER BY (table_name, source)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
