-- What was said and decided: versions of the model, runs, moves, assignments, overrides and holds.

CREATE TABLE IF NOT EXISTS model_versions (
  version text PRIMARY KEY,
  text text NOT NULL,
  note text NOT NULL DEFAULT '',
  author text NOT NULL DEFAULT '',
  published_at timestamptz NOT NULL
);

CREATE TABLE IF NOT EXISTS runs (
  run_id text PRIMARY KEY,
  as_of timestamptz NOT NULL,
  model_version text NOT NULL REFERENCES model_versions (version),
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  summary jsonb
);

-- Recorded moves are history: append-only, see the trigger below. A null segment is "in none".
CREATE TABLE IF NOT EXISTS moves (
  move_id bigserial PRIMARY KEY,
  account_id text NOT NULL,
  at timestamptz NOT NULL,
  from_segment text,
  to_segment text,
  home_segment text,
  cause text NOT NULL,
  model_version text NOT NULL REFERENCES model_versions (version),
  run_id text REFERENCES runs (run_id),
  evidence jsonb NOT NULL DEFAULT '{}',
  recorded_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS moves_by_account ON moves (account_id, at);
CREATE INDEX IF NOT EXISTS moves_by_day ON moves (at);

CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION '% of % is refused: recorded moves are never rewritten', TG_OP, TG_TABLE_NAME;
END
$body$;
DROP TRIGGER IF EXISTS moves_are_append_only ON moves;
CREATE TRIGGER moves_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON moves
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- The present answer. `waiting` is the dwell that is running: the segment it leads to and since when.
CREATE TABLE IF NOT EXISTS assignments (
  account_id text PRIMARY KEY,
  segment text,
  home text,
  raw text,
  since timestamptz,
  waiting jsonb,
  model_version text NOT NULL REFERENCES model_versions (version),
  as_of timestamptz NOT NULL,
  run_id text REFERENCES runs (run_id),
  overridden boolean NOT NULL DEFAULT false,
  held boolean NOT NULL DEFAULT false
);
CREATE INDEX IF NOT EXISTS assignments_by_segment ON assignments (segment);

CREATE TABLE IF NOT EXISTS overrides (
  override_id bigserial PRIMARY KEY,
  account_id text NOT NULL,
  segment text NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  author text NOT NULL,
  set_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > set_at),
  ended_at timestamptz
);
CREATE INDEX IF NOT EXISTS overrides_by_account ON overrides (account_id, set_at);

CREATE TABLE IF NOT EXISTS holds (
  hold_id bigserial PRIMARY KEY,
  run_id text REFERENCES runs (run_id),
  opened_at timestamptz NOT NULL,
  reason text NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'released', 'discarded')),
  moves jsonb NOT NULL DEFAULT '[]',
  decided_by text,
  decided_at timestamptz,
  decision_reason text,
  CHECK (status = 'open' OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)),
  CHECK (status <> 'discarded' OR decision_reason <> '')
);
