import type { ClaimRow } from './claim_row.ts';
import { writeCount, writePercent } from './wording.ts';

type Told = Omit<ClaimRow, 'sentence'>;

/** What a claim's row says, in words. */
export function claimSentence(row: Told): string {
  const claim = `"${row.says}" (${row.whose})`;
  if (row.see !== null) return `${claim}: answered by \`evidence ${row.see}\`.`;
  if (row.measure === 'ARR a year') return `${claim}: ${moneyOf(row)}`;
  const where = row.within === null ? '' : ` among ${row.within}`;
  return `${claim}${where}: ${foundOf(row)}${row.measure === 'hazard ratio' ? hazardOf(row) : ratioOf(row)}${alikeOf(row)}`;
}

/** The verdict on a claim for a cell: `holds, carried by activity` where nothing is left among users as active as each other; a sum has none. */
export function claimVerdict({ verdict, adjusted }: Told): string {
  if (verdict === null) return 'a sum';
  const isCarried = verdict === 'holds' && adjusted !== null && isActivityAlone(adjusted);
  return isCarried ? 'holds, carried by activity' : verdict.replaceAll('_', ' ');
}

function isActivityAlone({ interval }: NonNullable<Told['adjusted']>): boolean {
  return interval[1] >= 1;
}

function foundOf({ n, unit, retention, horizonDays }: Told): string {
  if (n === null) return '';
  const did = `here ${n[0]} of ${writeCount(n[0] + n[1], unit)} did it`;
  if (retention === null) return `${did}. `;
  return `${did}; ${writePercent(retention[0])} of them stay ${horizonDays} days, ${writePercent(retention[1])} of the others. `;
}

function hazardOf({ verdict, estimate, needed }: Told): string {
  if (verdict === 'holds')
    return `Those that did leave at ${writePercent(estimate)} of the rate of others; that does not prove that it keeps them.`;
  if (verdict === 'fails') return 'An effect worth acting on can be ruled out here.';
  return untold(needed);
}

function alikeOf({ adjusted, unit }: Told): string {
  if (adjusted === null) return '';
  const { estimate, interval } = adjusted;
  const ratio = `${estimate.toFixed(2)} (${interval[0].toFixed(2)} to ${interval[1].toFixed(2)})`;
  const left = isActivityAlone(adjusted)
    ? 'nothing that can be told is left of it: active ones do more of everything'
    : 'not all of it is their activity';
  return ` Among ${unit}s that had been as active as each other the hazard ratio is ${ratio}: ${left}.`;
}

function ratioOf({ verdict, direction, estimate, interval, needed }: Told): string {
  if (estimate === null || interval === null) return untold(needed);
  const ratio = `That is ${estimate.toFixed(2)} times as many (${interval[0].toFixed(2)} to ${interval[1].toFixed(2)})`;
  if (verdict === 'holds') return `${ratio}: it doubles here too.`;
  const twice = verdict === 'fails' ? 'doubling can be ruled out here' : 'whether it doubles cannot be told';
  const more = {
    holds: 'but they do stay more than others',
    fails: 'and an effect worth acting on can be ruled out',
    too_little_data: 'and whether they stay more at all cannot be told yet',
  }[direction ?? 'too_little_data'];
  return `${ratio}: ${twice}, ${more}.`;
}

function moneyOf({ claim, estimate, interval, verdict, needed }: Told): string {
  if (estimate === null || interval === null) return untold(needed);
  const [low, high] = interval;
  const money = `${whole(estimate)} (${whole(low)} to ${whole(high)})`;
  if (claim === 'cost-of-churn') return `at today's ARR and the churn seen so far a year of churn costs ${money}.`;
  const assumed = 'if they were brought to the churn of accounts of their home segment that are not at risk';
  return verdict === 'holds'
    ? `about ${money} a year, ${assumed}. No work has been shown to do that: it is the most that there is to win.`
    : `about ${money} a year, ${assumed}. ${untold(needed)}`;
}

const whole = (amount: number): string => Math.round(amount).toLocaleString('en-US');

function untold(needed: Told['needed']): string {
  const accounts = needed?.accounts ?? null;
  const more = accounts === null ? '' : `; about ${writeCount(accounts, 'account')} would settle it`;
  return `Too little to tell: ${needed?.reason ?? 'too little data'}${more}.`;
}
