-- What the API keeps: answers to questions about the evidence, and answers to requests that may be sent again.

-- One row for each question, day asked about (empty: the end of the data) and version of the model. While it is computed,
-- `holder` has it until `until` by the server's own clock; an answer that was there before stays until the new one is.
CREATE TABLE IF NOT EXISTS evidence_answers (
  question text NOT NULL,
  asked text NOT NULL,
  model_version text NOT NULL,
  state text NOT NULL CHECK (state IN ('computing', 'done', 'failed')),
  holder text NOT NULL,
  until timestamptz NOT NULL,
  asked_at timestamptz NOT NULL,
  as_of timestamptz,
  answer text,
  computed_at timestamptz,
  failure text,
  PRIMARY KEY (question, asked, model_version)
);

-- Requests with an Idempotency-Key, by who sent them: what was asked (a hash), and what was answered. Without a status it
-- is under way.
CREATE TABLE IF NOT EXISTS idempotent_requests (
  actor text NOT NULL,
  key text NOT NULL,
  request text NOT NULL,
  begun_at timestamptz NOT NULL,
  status integer,
  content_type text,
  answer text,
  PRIMARY KEY (actor, key)
);
CREATE INDEX IF NOT EXISTS idempotent_requests_by_age ON idempotent_requests (begun_at);
