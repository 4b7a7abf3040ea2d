-- What a refresh of a few accounts need not compute again of all of them. Derived; always recomputable.

-- Value scores of a Monday with their ranks, one row for each customer of it. `facts` names what the ranking was made of:
-- the facts before that Monday, what is covered, and how a score is computed. A ranking counts where its `facts` are
-- those of today and it has as many rows as it says it `ranked`.
CREATE TABLE IF NOT EXISTS rankings (
  model_version LowCardinality(String),
  at DateTime64(3, 'UTC'),
  account_id String,
  facts LowCardinality(String),
  score Float64,
  place UInt64,
  ranked UInt64,
  computed_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY (model_version, at, account_id);

-- What each part of the events says of its sources, kept by the engine with the part itself: how far events reach is
-- asked before every computation.
ALTER TABLE events ADD PROJECTION IF NOT EXISTS reach (
  SELECT source, notEmpty(user_id), count(), min(time), max(time)
  GROUP BY source, notEmpty(user_id)
);

ALTER TABLE events MATERIALIZE PROJECTION reach;
