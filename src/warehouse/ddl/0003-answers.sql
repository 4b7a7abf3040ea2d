-- The rules' own answers: one row for each account and day, under one version of the model. Derived; always recomputable.
-- raw is null for whoever is no customer on that day; likely is what such an account would probably be.

CREATE TABLE IF NOT EXISTS answers (
  model_version LowCardinality(String),
  as_of DateTime64(3, 'UTC'),
  account_id String,
  relationship LowCardinality(String),
  eligible Nullable(UInt8),
  home LowCardinality(Nullable(String)),
  raw LowCardinality(Nullable(String)),
  likely LowCardinality(Nullable(String)),
  cohort LowCardinality(Nullable(String)),
  value_tier LowCardinality(Nullable(String)),
  arr Nullable(Float64),
  last_event_days Nullable(Float64),
  computed_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (model_version, as_of, account_id);
