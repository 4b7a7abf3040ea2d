import type { AreaReversionRow, ReversionRow, RoleRow } from './role_row.ts';
import { writeCount, writeList, writePercent } from './wording.ts';

/** What a feature area's role says, in words. */
export function roleSentence(row: Omit<RoleRow, 'sentence'>): string {
  const { area, ageDays, n, role, expansion, retention, frequency } = row;
  const adopted = `${area}: ${n[0]} of ${writeCount(n[0] + n[1], 'customer')} had used it within ${ageDays} days`;
  if (role === 'neither')
    return `${adopted}. That it goes with expansion, with staying or with more active days to an extent worth acting on can be ruled out.`;
  const held = [
    expansion.verdict === 'holds'
      ? `expand more often (by ${Math.round(100 * (row.estimate ?? 0))} points within ${row.horizonDays} days)`
      : '',
    retention.verdict === 'holds' ? `leave at ${writePercent(retention.estimate)} of the rate` : '',
    frequency.verdict === 'holds' ? 'become active on more days' : '',
  ].filter((part) => part !== '');
  if (held.length === 0) {
    const accounts = row.needed?.accounts ?? null;
    return `${adopted}. What it goes with cannot be told yet${accounts === null ? '' : `; for expansion about ${writeCount(accounts, 'account')} would settle it`}.`;
  }
  const label = role === 'both' ? 'an expansion and an engagement feature' : `an ${role} feature`;
  return `${adopted}; they ${writeList(held)}, compared with others: ${label}. That does not prove that one causes the other.`;
}

/** What an account that stopped using something it had adopted says, in words. */
export function reversionSentence(row: Omit<ReversionRow, 'sentence'>): string {
  const what = row.signal === 'core_reverted_features' ? 'a core feature area' : 'a feature area';
  const seen = `${writeCount(row.n[0], 'account')} used ${what} and then stopped for 30 days`;
  if (row.estimate === null) return `${seen}. Not tested: ${row.needed?.reason ?? 'too little data'}.`;
  const rate = `at those moments they left within ${row.horizonDays} days at ${row.estimate.toFixed(1)} times the rate of others`;
  if (row.verdict === 'holds') return `${seen}; ${rate}: a warning.`;
  if (row.verdict === 'fails') return `${seen}; ${rate}. As a warning worth acting on it can be ruled out.`;
  return `${seen}; ${rate}. That is too little to tell: ${row.needed?.reason ?? 'too little data'}.`;
}

/** What stopping one feature area says, against those that keep using it, in words. */
export function areaReversionSentence(row: Omit<AreaReversionRow, 'sentence'>): string {
  const seen = `${row.area}: ${writeCount(row.n[0], 'account')} had used it and then not for 30 days, ${row.n[1]} had used it and went on`;
  if (row.estimate === null) return `${seen}. Not tested: ${row.needed?.reason ?? 'too little data'}.`;
  const rate = `at those moments the first left within ${row.horizonDays} days at ${row.estimate.toFixed(1)} times the rate of the others`;
  if (row.verdict === 'holds')
    return `${seen}; ${rate}: a warning. That does not prove that stopping makes them leave.`;
  if (row.verdict === 'fails') return `${seen}; ${rate}. As a warning worth acting on it can be ruled out.`;
  return `${seen}; ${rate}. That is too little to tell: ${row.needed?.reason ?? 'too little data'}.`;
}

/** How much of what stopping goes with could be told, in words; rows of one question. */
export function stoppedTold(rows: readonly AreaReversionRow[]): string {
  const tried = rows[0]?.tried ?? 0;
  if (tried === 0) return `none of ${writeCount(rows.length, 'area')} had enough accounts that stopped, or that left.`;
  return `${tried} of ${writeCount(rows.length, 'area')} could be tested, and what is told of them is corrected for all of these.`;
}
