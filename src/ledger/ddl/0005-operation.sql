-- What operating leaves behind: who was erased, who must not come back, and where copies are.

-- With it ids are hashed, so that a list of who was erased names nobody. Made once; kept with the ledger.
CREATE TABLE IF NOT EXISTS erasure_key (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  key text NOT NULL
);

-- `work` says whom it is about while the erasure is under way, and is null afterwards. `receipt` names nobody.
CREATE TABLE IF NOT EXISTS erasures (
  erasure_id bigserial PRIMARY KEY,
  subject text NOT NULL,
  account_id text,
  begun_at timestamptz NOT NULL,
  begun_by text NOT NULL,
  status text NOT NULL CHECK (status IN ('begun', 'removed', 'done')),
  work jsonb,
  accounts jsonb NOT NULL DEFAULT '[]',
  receipt jsonb,
  removed_at timestamptz,
  finished_at timestamptz
);

-- Keyed hashes of what must not come back: a user's ids, values such as an address, and facts that were mended.
CREATE TABLE IF NOT EXISTS suppressions (
  hash text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('user', 'value', 'fact')),
  erasure_id bigint NOT NULL REFERENCES erasures (erasure_id),
  since timestamptz NOT NULL,
  lifted_at timestamptz,
  lifted_by text,
  PRIMARY KEY (hash, kind)
);

-- Copies of this workspace, so that an erasure can name those that still hold what it removed.
CREATE TABLE IF NOT EXISTS backups (
  backup_id bigserial PRIMARY KEY,
  folder text NOT NULL,
  begun_at timestamptz NOT NULL,
  begun_by text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'done', 'failed')),
  finished_at timestamptz,
  model_version text NOT NULL,
  rows bigint,
  bytes bigint,
  failure text
);

-- What was said is never rewritten, but for one thing: an erasure takes a person's words out of it, and says so in its receipt.
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('bellwether.erasing', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% of % is refused: recorded moves are never rewritten', TG_OP, TG_TABLE_NAME;
END
$body$;

CREATE OR REPLACE FUNCTION refuse_rewriting_of_entries() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('bellwether.erasing', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% of % is refused: entries are never rewritten', TG_OP, TG_TABLE_NAME;
END
$body$;
