import type { CellRow, GhostCohort, MixRow } from './ghost_row.ts';
import { writeCount, writeList, writePercent, writePercentWithin } from './wording.ts';

const LEAST_ACCOUNTS = 10;

/** What a cell's average hides, in words. */
export function cellSentence(row: Omit<CellRow, 'sentence'>): string {
  const mix = [...row.cohorts].sort((a, b) => b.n - a.n).map(({ cohort, share }) => `${writePercent(share)} ${cohort}`);
  const made = `${row.cell}: its ${writeCount(row.n, 'customer')} are ${writeList(mix)}`;
  const known = row.cohorts.filter(
    (cohort): cohort is GhostCohort & { estimate: number } =>
      cohort.estimate !== null && cohort.accounts >= LEAST_ACCOUNTS,
  );
  const [best, worst] = [
    known.toSorted((a, b) => b.estimate - a.estimate)[0],
    known.toSorted((a, b) => a.estimate - b.estimate)[0],
  ];
  if (row.estimate === null || best === undefined || worst === undefined || best === worst) return `${made}.`;
  const hides = `An average of ${writePercent(row.estimate)} retention hides ${writePercentWithin(best.estimate, best.interval)} among ${best.cohort} and ${writePercentWithin(worst.estimate, worst.interval)} among ${worst.cohort}`;
  if (row.verdict === 'holds') {
    const held = row.cohorts.filter(({ verdict }) => verdict === 'holds').map(({ cohort }) => cohort);
    return `${made}. ${hides}: ${writeList(held)} ${held.length === 1 ? 'stays' : 'stay'} at another rate than the rest of the cell.`;
  }
  const untold =
    row.verdict === 'fails'
      ? 'a difference worth acting on can be ruled out'
      : 'with so few accounts that may be chance';
  return `${made}. ${hides}; ${untold}.`;
}

/** How much cells say over all, in words. */
export function mixSentence(row: Omit<MixRow, 'sentence'>): string {
  const { between, within } = row.spread;
  const spread =
    between === null || within === null
      ? ''
      : ` Retention differs by ${points(between)} from cell to cell, and by ${points(within)} from cohort to cohort within a cell (standard deviations, chance included).`;
  if (row.estimate === null)
    return `What size and industry say about behaviour cannot be told: ${row.needed?.reason ?? 'too little data'}.${spread}`;
  const held = row.withinCells.filter(({ verdict }) => verdict === 'holds');
  const told = held.map(
    ({ cohort, hazardRatio }) => `${cohort} leave at ${(hazardRatio ?? 1).toFixed(1)} times the rate of others`,
  );
  const alike = held.length === 0 ? '' : ` Among accounts alike on paper, ${writeList(told)}.`;
  const chance = row.verdict === 'holds' ? 'which is more than chance' : 'which chance alone explains';
  return `Knowing an account's size and industry saves ${writePercent(row.estimate)} of the wrong guesses at its cohort (${writePercent(Math.max(0, row.aboveChance ?? 0))} above chance), ${chance}.${spread}${alike}`;
}

const points = (share: number): string => `${(100 * share).toFixed(1)} points`;
