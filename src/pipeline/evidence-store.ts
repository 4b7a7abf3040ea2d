import { z } from 'zod';
import type { Engines } from './engines.ts';

/** An answer about the evidence as the ledger keeps it. Instants are ISO text. */
export interface StoredAnswer {
  readonly state: 'computing' | 'done' | 'failed';
  readonly askedAt: string;
  /** Day that the answer is as of. */
  readonly asOf: string | null;
  /** JSON; null: there is none yet. */
  readonly answer: string | null;
  readonly computedAt: string | null;
  readonly failure: string | null;
}

type Keeper = Pick<Engines, 'ledger' | 'model' | 'run'>;
interface Asked {
  readonly question: string;
  readonly asOf: number | null;
}

const LEASE = `interval '60 seconds'`;
/** Number of the lock under which claims are made, one at a time. */
const LOCK = 4_004;

const rowSchema = z.object({
  state: z.enum(['computing', 'done', 'failed']),
  asked_at: z.date(),
  as_of: z.date().nullable(),
  answer: z.string().nullable(),
  computed_at: z.date().nullable(),
  failure: z.string().nullable(),
});

const keyOf = ({ model }: Keeper, { question, asOf }: Asked) => [
  question,
  asOf === null ? '' : new Date(asOf).toISOString(),
  model.version,
];

/** The answer that is kept; null: nobody has asked. */
export async function readAnswer(keeper: Keeper, asked: Asked): Promise<StoredAnswer | null> {
  const [row] = await keeper.ledger.query(
    `SELECT state, asked_at, as_of, answer, computed_at, failure FROM evidence_answers
    WHERE question = $1 AND asked = $2 AND model_version = $3`,
    keyOf(keeper, asked),
    rowSchema,
  );
  if (row === undefined) return null;
  return {
    state: row.state,
    askedAt: row.asked_at.toISOString(),
    asOf: row.as_of?.toISOString() ?? null,
    answer: row.answer,
    computedAt: row.computed_at?.toISOString() ?? null,
    failure: row.failure,
  };
}

/** Takes an answer to be computed; false while anybody else computes this or another. */
export async function claimAnswer(keeper: Keeper, asked: Asked, now: Date): Promise<boolean> {
  const taken = await keeper.ledger.transaction(async (transaction) => {
    await transaction.command('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    return transaction.command(
      `INSERT INTO evidence_answers (question, asked, model_version, state, holder, until, asked_at)
      SELECT $1, $2, $3, 'computing', $4, now() + ${LEASE}, $5
      WHERE NOT EXISTS (SELECT 1 FROM evidence_answers WHERE state = 'computing' AND until > now())
      ON CONFLICT (question, asked, model_version)
      DO UPDATE SET state = 'computing', holder = excluded.holder, until = excluded.until, failure = NULL`,
      [...keyOf(keeper, asked), keeper.run, now],
    );
  });
  return taken > 0;
}

/** Keeps the claim of who is at work. */
export async function renewClaim(keeper: Keeper, asked: Asked): Promise<void> {
  await keeper.ledger.command(
    `UPDATE evidence_answers SET until = now() + ${LEASE}
    WHERE question = $1 AND asked = $2 AND model_version = $3 AND holder = $4 AND state = 'computing'`,
    [...keyOf(keeper, asked), keeper.run],
  );
}

/** Keeps an answer. */
export async function keepAnswer(
  keeper: Keeper,
  asked: Asked,
  { asOf, answer }: { readonly asOf: number; readonly answer: string },
  now: Date,
): Promise<void> {
  await keeper.ledger.command(
    `UPDATE evidence_answers SET state = 'done', as_of = $5, answer = $6, computed_at = $7, failure = NULL
    WHERE question = $1 AND asked = $2 AND model_version = $3 AND holder = $4`,
    [...keyOf(keeper, asked), keeper.run, new Date(asOf), answer, now],
  );
}

/** Keeps why there is no answer; one that was there before stays. */
export async function keepFailure(keeper: Keeper, asked: Asked, failure: string, now: Date): Promise<void> {
  await keeper.ledger.command(
    `UPDATE evidence_answers SET state = 'failed', failure = $5, computed_at = $6
    WHERE question = $1 AND asked = $2 AND model_version = $3 AND holder = $4`,
    [...keyOf(keeper, asked), keeper.run, failure, now],
  );
}

/** Gives a claim up, so that whoever asks next need not wait. */
export async function letGo(keeper: Keeper, asked: Asked): Promise<void> {
  await keeper.ledger.command(
    `UPDATE evidence_answers SET until = now()
    WHERE question = $1 AND asked = $2 AND model_version = $3 AND holder = $4 AND state = 'computing'`,
    [...keyOf(keeper, asked), keeper.run],
  );
}
