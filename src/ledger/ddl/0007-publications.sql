-- Models that somebody published: the latest row is in force. While `adopted_at` is null, a service that runs still answers
-- by the one before; it is set once everything has been answered anew. `changes`: what was otherwise than before, in words.
CREATE TABLE IF NOT EXISTS publications (
  publication_id bigserial PRIMARY KEY,
  version text NOT NULL REFERENCES model_versions (version),
  version_before text NOT NULL REFERENCES model_versions (version),
  text text NOT NULL,
  note text NOT NULL CHECK (note <> ''),
  author text NOT NULL,
  published_at timestamptz NOT NULL,
  changes jsonb NOT NULL DEFAULT '[]',
  adopted_at timestamptz
);
