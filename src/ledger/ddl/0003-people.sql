-- Who signs in, and who did what. The first four tables are those of the library that signs people in, under our names.

CREATE TABLE IF NOT EXISTS operators (
  id text PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  email_verified boolean NOT NULL,
  image text,
  role text NOT NULL CHECK (role IN ('admin', 'editor', 'csm', 'viewer')),
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE IF NOT EXISTS operator_sessions (
  id text PRIMARY KEY,
  expires_at timestamptz NOT NULL,
  token text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz NOT NULL,
  ip_address text,
  user_agent text,
  operator_id text NOT NULL REFERENCES operators (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS operator_sessions_by_operator ON operator_sessions (operator_id);

CREATE TABLE IF NOT EXISTS operator_credentials (
  id text PRIMARY KEY,
  subject text NOT NULL,
  provider text NOT NULL,
  operator_id text NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS operator_credentials_by_subject ON operator_credentials (provider, subject);
CREATE INDEX IF NOT EXISTS operator_credentials_by_operator ON operator_credentials (operator_id);

CREATE TABLE IF NOT EXISTS operator_tokens (
  id text PRIMARY KEY,
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS operator_tokens_by_identifier ON operator_tokens (identifier);

-- Failed sign-ins, known addresses and unknown ones alike: of one address from one place, of one address from anywhere
-- (no place), and from one place to any address (no address). After too many of one kind that kind waits.
CREATE TABLE IF NOT EXISTS sign_in_failures (
  email text NOT NULL,
  place text NOT NULL,
  failures integer NOT NULL,
  last_at timestamptz NOT NULL,
  locked_until timestamptz,
  PRIMARY KEY (email, place),
  CHECK (email <> '' OR place <> '')
);
CREATE INDEX IF NOT EXISTS sign_in_failures_by_time ON sign_in_failures (last_at);

-- An invitation is a link that may be used once, by its hash. An address has at most one that is open.
CREATE TABLE IF NOT EXISTS invitations (
  invitation_id bigserial PRIMARY KEY,
  hash text NOT NULL UNIQUE,
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'editor', 'csm', 'viewer')),
  invited_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
  accepted_at timestamptz,
  withdrawn_at timestamptz
);
CREATE UNIQUE INDEX IF NOT EXISTS invitations_open ON invitations (email) WHERE accepted_at IS NULL AND withdrawn_at IS NULL;

-- Every change and every sign-in, written down before it is made. `who` is an operator's address, a key's name, or the name
-- of a person on this machine; nobody has none.
CREATE TABLE IF NOT EXISTS audit_log (
  entry_id bigserial PRIMARY KEY,
  at timestamptz NOT NULL,
  by text NOT NULL CHECK (by IN ('operator', 'key', 'system', 'nobody')),
  who text NOT NULL,
  action text NOT NULL CHECK (action <> ''),
  subject text NOT NULL DEFAULT '',
  details jsonb NOT NULL DEFAULT '{}',
  ip_address text
);
CREATE INDEX IF NOT EXISTS audit_log_by_day ON audit_log (at);

-- How it went. An entry without one was begun by a process that ended before it could tell.
CREATE TABLE IF NOT EXISTS audit_outcomes (
  entry_id bigint PRIMARY KEY REFERENCES audit_log (entry_id),
  at timestamptz NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
  by text CHECK (by IN ('operator', 'key', 'system', 'nobody')),
  who text,
  subject text,
  details jsonb NOT NULL DEFAULT '{}'
);

CREATE OR REPLACE FUNCTION refuse_rewriting_of_entries() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION '% of % is refused: entries are never rewritten', TG_OP, TG_TABLE_NAME;
END
$body$;
DROP TRIGGER IF EXISTS audit_log_is_append_only ON audit_log;
CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_of_entries();
DROP TRIGGER IF EXISTS audit_outcomes_are_append_only ON audit_outcomes;
CREATE TRIGGER audit_outcomes_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_outcomes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_of_entries();
