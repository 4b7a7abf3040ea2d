-- Whether taking up a feature area goes with staying: what suggestions to the product's users rest on. Grain: area, home
-- segment (empty: all customers) and computation; the latest `computed_at` of a model version counts, as a whole.
-- `difference` is in shares of accounts; null where it is not told. Derived; always recomputable.

CREATE TABLE IF NOT EXISTS area_evidence (
  model_version LowCardinality(String),
  computed_at DateTime64(3, 'UTC'),
  as_of DateTime64(3, 'UTC'),
  segment LowCardinality(String),
  area LowCardinality(String),
  verdict LowCardinality(String),
  difference Nullable(Float64),
  difference_low Nullable(Float64),
  difference_high Nullable(Float64),
  accounts_with UInt64,
  accounts_without UInt64,
  age_days UInt16,
  horizon_days Nullable(UInt16),
  reason String
)
ENGINE = ReplacingMergeTree
ORDER BY (model_version, computed_at, segment, area);
