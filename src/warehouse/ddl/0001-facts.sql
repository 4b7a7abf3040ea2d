-- Facts: one table per input contract of src/model/tables.ts, append-only.
--
-- Storage: text is String and '' is missing; number Float64, flag UInt8, instant DateTime64(3), day Date32, money Int64
-- cents, nullable where the contract lets them be empty; list and map are never null. contracts.known is filled at the
-- door (midnight of `starts` where the source is silent), contracts.contract_id with the hex of fact_key.
--
-- Of every row: fact_key is the hash of its natural key, content the hash of all of its columns; source, file and line
-- say where it came from (the source of a needs row is `origin`, since the contract has a `source` of its own);
-- assumed is 1 where a start or creation was not told by the source.
--
-- Raw facts are on disk before they are acknowledged: fsync_after_insert and fsync_part_directory.

CREATE TABLE IF NOT EXISTS accounts (
  account_id String,
  created Nullable(DateTime64(3, 'UTC')),
  lead_created Nullable(DateTime64(3, 'UTC')),
  name String,
  domain String,
  employees Nullable(Float64),
  revenue Nullable(Float64),
  industry LowCardinality(String),
  sub_industry LowCardinality(String),
  country LowCardinality(String),
  region LowCardinality(String),
  funding_stage LowCardinality(String),
  tech_stack Array(String),
  addressable_seats Nullable(Float64),
  parent_id String,
  csm String,
  ae String,
  traits Map(LowCardinality(String), String),
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC'),
  assumed UInt8
)
ENGINE = MergeTree
ORDER BY (account_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS users (
  user_id String,
  account_id String,
  email String,
  role LowCardinality(String),
  seniority LowCardinality(String),
  department LowCardinality(String),
  is_sponsor Nullable(UInt8),
  is_champion Nullable(UInt8),
  `from` Nullable(DateTime64(3, 'UTC')),
  `to` Nullable(DateTime64(3, 'UTC')),
  traits Map(LowCardinality(String), String),
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC'),
  assumed UInt8
)
ENGINE = MergeTree
ORDER BY (account_id, user_id, fact_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS events (
  event LowCardinality(String),
  `time` DateTime64(3, 'UTC'),
  user_id String,
  account_id String,
  message_id String,
  session_id String,
  properties Map(LowCardinality(String), String),
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (account_id, user_id, time, fact_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS contracts (
  account_id String,
  starts Date32,
  arr_cents Int64,
  contract_id String,
  known DateTime64(3, 'UTC'),
  term_ends Nullable(Date32),
  notice Nullable(Date32),
  ends Nullable(Date32),
  kind LowCardinality(String),
  currency LowCardinality(String),
  seats Nullable(Float64),
  quota Nullable(Float64),
  usage_unit LowCardinality(String),
  plan LowCardinality(String),
  billing_months Nullable(Float64),
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (account_id, contract_id, known)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS tickets (
  account_id String,
  opened DateTime64(3, 'UTC'),
  ticket_id String,
  closed Nullable(DateTime64(3, 'UTC')),
  priority LowCardinality(String),
  user_id String,
  theme String,
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (account_id, opened)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS nps (
  account_id String,
  `time` DateTime64(3, 'UTC'),
  score Float64,
  response_id String,
  user_id String,
  comment String,
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (account_id, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS costs (
  account_id String,
  `time` DateTime64(3, 'UTC'),
  amount_cents Int64,
  cost_id String,
  kind LowCardinality(String),
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (account_id, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS touches (
  account_id String,
  `time` DateTime64(3, 'UTC'),
  kind LowCardinality(String),
  touch_id String,
  user_id String,
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (account_id, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS needs (
  account_id String,
  job LowCardinality(String),
  `time` DateTime64(3, 'UTC'),
  maturity String,
  decision_process String,
  success_criteria String,
  integration_need String,
  second_job LowCardinality(String),
  source LowCardinality(String),
  quote String,
  coded_by String,
  fact_key UInt128,
  content UInt64,
  origin LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (account_id, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS releases (
  feature LowCardinality(String),
  `time` DateTime64(3, 'UTC'),
  jobs Array(String),
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (feature, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS opportunities (
  opportunity_id String,
  account_id String,
  `time` DateTime64(3, 'UTC'),
  stage LowCardinality(String),
  created Nullable(DateTime64(3, 'UTC')),
  won Nullable(DateTime64(3, 'UTC')),
  amount_cents Nullable(Int64),
  kind LowCardinality(String),
  job LowCardinality(String),
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (account_id, opportunity_id, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS identities (
  `time` DateTime64(3, 'UTC'),
  user_id String,
  anonymous_id String,
  previous_id String,
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (user_id, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS account_links (
  account_id String,
  into_account_id String,
  at DateTime64(3, 'UTC'),
  kind LowCardinality(String),
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (account_id, at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS traits (
  entity LowCardinality(String),
  id String,
  name LowCardinality(String),
  value String,
  account_id String,
  `from` Nullable(DateTime64(3, 'UTC')),
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC'),
  assumed UInt8
)
ENGINE = MergeTree
ORDER BY (entity, account_id, id, name)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS meters (
  account_id String,
  `time` DateTime64(3, 'UTC'),
  meter LowCardinality(String),
  value Float64,
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (account_id, meter, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS rates (
  currency LowCardinality(String),
  `from` Date32,
  per_unit Float64,
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (currency, `from`)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS notes (
  account_id String,
  `time` DateTime64(3, 'UTC'),
  author String,
  `text` String,
  kind LowCardinality(String),
  fact_key UInt128,
  content UInt64,
  source LowCardinality(String),
  file LowCardinality(String),
  line UInt64,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (account_id, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
