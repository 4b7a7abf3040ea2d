-- Lists as people like to see them: what stands behind the `?` of an address, under a name of their own.
CREATE TABLE IF NOT EXISTS saved_views (
  view_id bigserial PRIMARY KEY,
  operator_id text NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
  page text NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  search text NOT NULL,
  saved_at timestamptz NOT NULL
);
-- Not unique by name: an erasure may take the same words out of two.
CREATE INDEX IF NOT EXISTS saved_views_by_operator ON saved_views (operator_id, page);
