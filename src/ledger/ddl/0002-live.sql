-- The live half: who computes, who may call, what is due.

-- One process at a time holds a role. `fence` grows with every change of holder: whoever still believes to hold it with an
-- older one is refused. The server's own clock decides, so that a process whose clock jumps takes nothing from another.
CREATE TABLE IF NOT EXISTS roles_held (
  role text PRIMARY KEY,
  holder text NOT NULL,
  fence bigint NOT NULL,
  until timestamptz NOT NULL
);

-- Keys of machines. The key itself is shown once and never stored: `hash` is its SHA-256.
CREATE TABLE IF NOT EXISTS api_keys (
  key_id bigserial PRIMARY KEY,
  name text NOT NULL CHECK (name <> ''),
  scope text NOT NULL CHECK (scope IN ('write', 'read', 'admin')),
  hash text NOT NULL UNIQUE,
  hint text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- Links that may be used once, by their hash.
CREATE TABLE IF NOT EXISTS setup_links (
  hash text PRIMARY KEY,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

-- Reviews that the calendar asks for: one row for each that has fallen due.
CREATE TABLE IF NOT EXISTS reviews (
  kind text NOT NULL CHECK (kind IN ('migration', 'model', 'interviews')),
  due_on date NOT NULL,
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,
  closed_by text,
  note text NOT NULL DEFAULT '',
  PRIMARY KEY (kind, due_on)
);
