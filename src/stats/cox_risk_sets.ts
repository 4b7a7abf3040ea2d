import type { OrderedRows } from './cox_rows.ts';

/**
 * Sums over a risk set, at a time with events: over all at risk, and over those who have the event there.
 *
 * Shape: `s0` sums the risks r = exp(x'b), `s1` r x, `s2` r x x' (lower triangle by rows; zeros unless asked for); `e0`,
 * `e1`, `e2` the same over events; `eventX` sums x, `eventLog` log r over events. Rows from `first` to before `last` end at
 * `time`. One object, overwritten from time to time.
 */
export interface RiskSet {
  time: number;
  stratum: number;
  deaths: number;
  first: number;
  last: number;
  s0: number;
  e0: number;
  eventLog: number;
  readonly s1: Float64Array;
  readonly e1: Float64Array;
  readonly s2: Float64Array;
  readonly e2: Float64Array;
  readonly eventX: Float64Array;
}

/** The log risks x'b + offset of rows. */
export function logRisks({ count, width, x, offset }: OrderedRows, beta: ArrayLike<number>): Float64Array {
  const eta = new Float64Array(count);
  for (let at = 0; at < count; at += 1) {
    let sum = offset[at] as number;
    for (let j = 0; j < width; j += 1) sum += (x[at * width + j] as number) * (beta[j] as number);
    eta[at] = sum;
  }
  return eta;
}

/** Visits the risk sets of all times with events, stratum by stratum, from each stratum's last time to its first. */
export function sweepRiskSets(
  rows: OrderedRows,
  eta: Float64Array,
  withSquares: boolean,
  visit: (set: RiskSet) => void,
): void {
  const { width } = rows;
  const column = () => new Float64Array(width);
  const square = () => new Float64Array(width * width);
  const ends = { time: 0, stratum: 0, deaths: 0, first: 0, last: 0, s0: 0, e0: 0, eventLog: 0 };
  const set = { ...ends, s1: column(), e1: column(), s2: square(), e2: square(), eventX: column() };
  const risk = eta.map(Math.exp);
  for (let stratum = rows.starts.length - 2; stratum >= 0; stratum -= 1) {
    const from = rows.starts[stratum] as number;
    const until = rows.starts[stratum + 1] as number;
    set.stratum = stratum;
    set.s0 = 0;
    set.s1.fill(0);
    set.s2.fill(0);
    sweepStratum(rows, { eta, risk, withSquares }, { from, until }, set, visit);
  }
}

interface Risks {
  readonly eta: Float64Array;
  readonly risk: Float64Array;
  readonly withSquares: boolean;
}

function sweepStratum(
  rows: OrderedRows,
  risks: Risks,
  { from, until }: { readonly from: number; readonly until: number },
  set: RiskSet,
  visit: (set: RiskSet) => void,
): void {
  const { time, event, entry, byEntry, width, x } = rows;
  let notYet = until - 1;
  for (let last = until; last > from; ) {
    const now = time[last - 1] as number;
    let first = last;
    clearEvents(set);
    while (first > from && time[first - 1] === now) {
      first -= 1;
      const risk = risks.risk[first] as number;
      set.s0 += risk;
      addTerms(set.s1, risks.withSquares ? set.s2 : null, x, first, width, risk);
      if (event[first] === 1) addEvent(set, rows, first, risks);
    }
    set.time = now;
    set.first = first;
    set.last = last;
    last = first;
    if (set.deaths === 0) continue;
    for (; entry !== null && byEntry !== null && notYet >= from; notYet -= 1) {
      const at = byEntry[notYet] as number;
      if ((entry[at] as number) < now) break;
      const risk = risks.risk[at] as number;
      set.s0 -= risk;
      addTerms(set.s1, risks.withSquares ? set.s2 : null, x, at, width, -risk);
    }
    visit(set);
  }
}

function clearEvents(set: RiskSet): void {
  if (set.deaths === 0) return;
  set.deaths = 0;
  set.e0 = 0;
  set.eventLog = 0;
  set.e1.fill(0);
  set.e2.fill(0);
  set.eventX.fill(0);
}

function addEvent(set: RiskSet, { width, x }: OrderedRows, at: number, { eta, risk, withSquares }: Risks): void {
  set.deaths += 1;
  set.e0 += risk[at] as number;
  set.eventLog += eta[at] as number;
  addTerms(set.e1, withSquares ? set.e2 : null, x, at, width, risk[at] as number);
  for (let j = 0; j < width; j += 1) set.eventX[j] = (set.eventX[j] as number) + (x[at * width + j] as number);
}

function addTerms(
  sums: Float64Array,
  squares: Float64Array | null,
  x: Float64Array,
  at: number,
  width: number,
  weight: number,
): void {
  const start = at * width;
  for (let j = 0; j < width; j += 1) {
    const term = weight * (x[start + j] as number);
    sums[j] = (sums[j] as number) + term;
    if (squares === null) continue;
    for (let k = 0; k <= j; k += 1) {
      const cell = j * width + k;
      squares[cell] = (squares[cell] as number) + term * (x[start + k] as number);
    }
  }
}
