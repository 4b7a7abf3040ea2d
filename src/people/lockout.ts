import { z } from 'zod';
import type { Ledger, Queryable } from '../ledger/ledger.ts';

/** Where a sign-in comes from, and for whom it is. */
export interface Attempt {
  /** In small letters. */
  readonly email: string;
  /** Address on the network. */
  readonly ipAddress: string;
  readonly now: Date;
}

/** Seconds until the next attempt may be made, for attempts that may not be made now. */
export interface Locked {
  readonly seconds: number;
}

/**
 * After how many failures a kind of attempt waits. One place that guesses at one address is slowed down first, so that an
 * attacker locks himself out and not the person; guesses from many places at one address, and from one place at many
 * addresses, are let through a little longer.
 */
const ALLOWED = { pair: 5, address: 25, place: 20 } as const;
const FIRST_WAIT_SECONDS = 30;
/** No wait is longer, so that nobody can keep a person out for good; with it an address takes under 100 guesses an hour (ASVS 2.2.1). */
const LONGEST_WAIT_SECONDS = 900;
/** Failures are forgotten after this long without another. */
const MEMORY_SECONDS = 3_600;

const lockSchema = z.object({ seconds: z.coerce.number() });

/** A network address as one place: of IPv6 the first 64 bits, since a person has as many addresses as there are behind them. */
export function placeOf(ipAddress: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ipAddress)?.[1];
  if (mapped !== undefined) return mapped;
  if (!ipAddress.includes(':')) return ipAddress;
  const [head = '', tail] = ipAddress.split('%')[0]?.toLowerCase().split('::') ?? [];
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const filled =
    tail === undefined
      ? first
      : [...first, ...Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0'), ...last];
  return `${filled
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

function kindsOf({ email, ipAddress }: Attempt) {
  const place = placeOf(ipAddress);
  return [
    { email, place: '', allowed: ALLOWED.address },
    { email, place, allowed: ALLOWED.pair },
    { email: '', place, allowed: ALLOWED.place },
  ];
}

/**
 * Counts an attempt as a failure before it is made, so that a thousand at once are not a thousand guesses; what succeeds is
 * taken back with `forgiveAttempt`.
 *
 * Answers how long to wait where any of the three counts says so; such an attempt is not counted and must not be made. A known
 * address and an unknown one are counted alike.
 */
export async function countAttempt(ledger: Ledger, attempt: Attempt): Promise<Locked | null> {
  const { now } = attempt;
  const kinds = kindsOf(attempt);
  await forgetOld(ledger, now);
  return ledger.transaction(async (transaction) => {
    // Rows are taken in the same order by everybody, so that two attempts never wait for each other.
    for (const { email, place } of kinds) {
      await transaction.command(
        `INSERT INTO sign_in_failures (email, place, failures, last_at) VALUES ($1, $2, 0, $3)
        ON CONFLICT (email, place) DO UPDATE SET failures = sign_in_failures.failures`,
        [email, place, now],
      );
    }
    const [first] = kinds;
    const [locked] = await transaction.query(
      `SELECT coalesce(ceil(extract(epoch FROM max(locked_until) - $3::timestamptz)), 0) AS seconds FROM sign_in_failures
      WHERE ((email = $1 AND place IN ('', $2)) OR (email = '' AND place = $2)) AND locked_until > $3::timestamptz`,
      [first?.email, kinds[1]?.place, now],
      lockSchema,
    );
    if (locked !== undefined && locked.seconds > 0) return { seconds: locked.seconds };
    for (const { email, place, allowed } of kinds) {
      await transaction.command(
        `UPDATE sign_in_failures SET failures = failures + 1, last_at = $3::timestamptz, locked_until = CASE WHEN failures + 1 >= $4::int
          THEN $3::timestamptz + make_interval(secs => least($5::float8 * power(2, least(failures + 1 - $4::int, 20)), $6::float8)) END
        WHERE email = $1 AND place = $2`,
        [email, place, now, allowed, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS],
      );
    }
    return null;
  });
}

/** Takes a counted attempt back, since it succeeded: the person's own count from this place ends, the others fall by one. */
export async function forgiveAttempt(ledger: Ledger, attempt: Attempt): Promise<void> {
  const place = placeOf(attempt.ipAddress);
  await ledger.transaction(async (transaction) => {
    for (const { email, place: at, allowed } of kindsOf(attempt)) {
      const isPair = email !== '' && at === place;
      await transaction.command(
        isPair
          ? 'DELETE FROM sign_in_failures WHERE email = $1 AND place = $2'
          : `UPDATE sign_in_failures SET failures = greatest(failures - 1, 0),
              locked_until = CASE WHEN failures > $3::int THEN locked_until END WHERE email = $1 AND place = $2`,
        isPair ? [email, at] : [email, at, allowed],
      );
    }
  });
}

/** Ends every wait of an address: its owner proved to be one by another way, such as a link. */
export async function forgiveAddress(ledger: Queryable, email: string): Promise<void> {
  await ledger.command('DELETE FROM sign_in_failures WHERE email = $1', [email]);
}

/** Outside of any transaction, and past rows that somebody works with: it waits for nobody. */
async function forgetOld(ledger: Ledger, now: Date): Promise<void> {
  await ledger.command(
    `DELETE FROM sign_in_failures WHERE (email, place) IN (
      SELECT email, place FROM sign_in_failures WHERE last_at < $1 FOR UPDATE SKIP LOCKED)`,
    [new Date(now.getTime() - MEMORY_SECONDS * 1_000)],
  );
}
