import { DAY, millis } from './instants.ts';
import { dayAfter, type Random } from './random.ts';
import type { Plan } from './random-options.ts';
import type { Cast } from './random-people.ts';
import type { ContractRow, RateRow } from './rows.ts';

/** A contract row with every optional column empty but those given. */
export function contractRow(
  account_id: string,
  starts: Date,
  arr: number,
  more: Partial<ContractRow> = {},
): ContractRow {
  return {
    account_id,
    starts,
    arr,
    contract_id: null,
    known: null,
    term_ends: null,
    notice: null,
    ends: null,
    kind: null,
    currency: null,
    seats: null,
    quota: null,
    usage_unit: null,
    plan: null,
    billing_months: null,
    ...more,
  };
}

/** Such that no rate and no amendment makes a fraction of a cent. */
const AMOUNTS = [0, 1204, 6000, 12_000, 12_000, 24_000, 60_000, 100_000];

/** Days between the end of one contract and the start of the next: below, at and above the grace. */
const GAPS = [0, 0, 0, 1, 13, 14, 29, 30, 31, 75];

const LONG_GAPS = [30, 31, 45, 75];

function terms(random: Random, plan: Plan, starts: Date): Partial<ContractRow> {
  return {
    term_ends: random.maybe(0.7, () => dayAfter(millis(starts), random.pick([90, 365, 365]))),
    currency: plan.has('currencies') && random.chance(0.25) ? random.pick(['EUR', 'GBP', 'USD']) : random.blank(),
    seats: random.maybe(0.75, () => random.pick([1, 1, 3, 5, 20, 100, 0])),
    quota: plan.has('meters') ? random.maybe(0.4, () => random.pick([100, 1000, 0])) : null,
    usage_unit: plan.has('meters') ? random.maybe(0.3, () => random.pick(['calls', 'rows'])) : null,
    plan: random.maybe(0.3, () => 'pro'),
  };
}

/** Later versions of a contract: other ARR or seats, an end told late, a start of its own. */
function amendments(random: Random, row: ContractRow): ContractRow[] {
  if (row.contract_id === null || !random.chance(0.4)) return [];
  const days = random.int(10, 300);
  const known = new Date(millis(row.starts) + days * DAY + random.pick([0, 0, 3_600_000]));
  const factor = random.pick([1, 1.04, 1.05, 1.06, 1.2, 0.8]);
  const amended: ContractRow = { ...row, known, arr: Math.round(row.arr * factor * 100) / 100 };
  return random.pick([
    () => [amended],
    () => [{ ...amended, seats: (row.seats ?? 4) + 2 }],
    () => [{ ...amended, arr: row.arr, ends: dayAfter(millis(known), -random.int(1, 9)) }],
    () => [{ ...amended, starts: dayAfter(millis(row.starts), days + random.int(1, 60)), ends: null }],
    () => [amended, { ...amended, known: new Date(millis(known) + 50 * DAY), arr: row.arr * 2 }],
  ])();
}

function ending(random: Random, starts: Date, isChurny: boolean): Date | null {
  if (isChurny) return dayAfter(millis(starts), random.int(30, 200));
  return random.maybe(0.5, () => dayAfter(millis(starts), random.pick([30, 90, 180, 365])));
}

function contractsOf(random: Random, plan: Plan, account: string, isChurny: boolean): ContractRow[] {
  const rows: ContractRow[] = [];
  const identify = (): string | null => (random.chance(0.8) ? `c-${account}-${rows.length}` : random.blank());
  let starts = dayAfter(plan.start, random.pick([random.int(-300, 200), random.int(200, 470), random.int(410, 488)]));
  const before = random.chance(0.25) ? random.pick(['trial', 'pilot', 'free']) : null;
  if (before !== null) {
    const begun = dayAfter(millis(starts), -random.int(10, 40));
    const ends = random.chance(0.8) ? starts : null;
    rows.push(contractRow(account, begun, 0, { contract_id: identify(), kind: before, ends, seats: 50 }));
  }
  if (before !== null && random.chance(0.3)) return rows;
  for (let i = isChurny ? 4 : random.int(1, 3); i > 0; i--) {
    const ends = ending(random, starts, isChurny);
    const row = contractRow(account, starts, random.pick(AMOUNTS), {
      ...terms(random, plan, starts),
      contract_id: identify(),
      kind: random.pick(['paid', 'paid', '', null]),
      ends,
      notice: ends === null ? null : random.maybe(0.4, () => dayAfter(millis(ends), -30)),
      known: random.maybe(0.2, () => new Date(millis(starts) + random.pick([-10, -1, 0, 5]) * DAY)),
    });
    rows.push(row, ...(plan.has('amendments') ? amendments(random, row) : []));
    if (random.chance(0.2)) {
      const on = dayAfter(millis(starts), random.int(1, 150));
      rows.push(contractRow(account, on, 600, { contract_id: identify(), kind: 'addon', seats: 2, ends }));
    }
    if (ends === null) break;
    starts = dayAfter(millis(ends), random.pick(isChurny ? LONG_GAPS : GAPS));
  }
  return rows;
}

/** The contracts of a random world, in the order in which they became known. */
export function randomContracts(random: Random, plan: Plan, cast: Cast): ContractRow[] {
  if (!plan.has('contracts')) return [];
  const isChurny = random.chance(0.3);
  const rows = cast.accountIds.flatMap((account) =>
    random.chance(0.8) ? contractsOf(random, plan, account, isChurny) : [],
  );
  return plan.has('duplicates') && rows[0] !== undefined ? [...rows, rows[0]] : rows;
}

/** Rates of the currencies that contracts are in; the first one of each lies before every contract. */
export function randomRates(random: Random, plan: Plan): RateRow[] {
  if (!plan.has('currencies')) return [];
  return ['EUR', 'GBP'].flatMap((currency) => [
    { currency, from: dayAfter(plan.start, -60), per_unit: 1.25 },
    { currency, from: dayAfter(plan.start, random.int(50, 400)), per_unit: random.pick([1, 1.5, 2]) },
  ]);
}
