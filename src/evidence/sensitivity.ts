import { type ChurnDefinition, CONTRACT, OTHER_DEFINITIONS } from './churn_definition.ts';
import { DAY_MS, type History, type PastAccount } from './history.ts';
import { type MilestoneOptions, type MilestoneRow, testMilestones } from './milestone.ts';
import { customAt } from './outcome.ts';
import type { Tellings } from './telling.ts';
import type { Verdict } from './verdict.ts';
import { writeCount } from './wording.ts';

type Pair = readonly [number, number];

/** Churn by one definition, and the primary milestone under it: an entry of `sensitivity` in `evidence --json`. */
export interface SensitivityRow {
  readonly definition: ChurnDefinition['name'] | 'trait';
  readonly says: string;
  /** Accounts that were ever customers, as far as both this definition and the contracts tell of them. */
  readonly accounts: number;
  /** Accounts that had left, and had not come back, by this definition. */
  readonly churned: number;
  /** Accounts of which contracts say the same, their days within 30 of each other. */
  readonly agrees: number;
  /** Left by this definition and not by contract, the other way round, and by both on other days. */
  readonly onlyHere: number;
  readonly onlyByContract: number;
  /** Null where the definition tells no day. */
  readonly otherDay: number | null;
  /** The model's primary milestone at its age; null where there is none, or the definition has no day. */
  readonly milestone: { readonly candidate: string; readonly windowDays: number } | null;
  readonly n: Pair | null;
  readonly events: Pair | null;
  readonly hazardRatio: number | null;
  readonly interval: Pair | null;
  readonly p: number | null;
  readonly verdict: Verdict | null;
  /** The verdict by contract, where it is another one. */
  readonly changedFrom: Verdict | null;
  /** Why it was not tested. */
  readonly reason: string | null;
  readonly sentence: string;
}

/** The words of the model that milestones need. */
export type SensitivityOptions = Pick<MilestoneOptions, 'horizonDays' | 'declared' | 'areas' | 'workflows'>;

const PRIMARY_AGE_DAYS = 30;

/** The age at which the primary milestone is looked at, whole days: firmographics are needed there. */
export function primaryAgeOf(declared: MilestoneOptions['declared']): number {
  return Math.max(PRIMARY_AGE_DAYS, declared.find(({ isPrimary }) => isPrimary)?.withinDays ?? 0);
}

/**
 * Does it matter how churn is told?
 *
 * For each way in which the facts tell it: how many accounts it tells otherwise than the contracts, and what the primary
 * milestone's verdict is when it is taken for the truth. The first row is the contracts' own. Empty where the facts tell
 * churn in one way only, or without contracts. Nothing is corrected for the number of definitions: they are one question
 * asked again, and no choice among them is offered.
 */
export function sensitivityOf(
  history: History,
  tellings: Tellings,
  options: SensitivityOptions,
): readonly SensitivityRow[] {
  if (!CONTRACT.isTold(history, tellings)) return [];
  const told = OTHER_DEFINITIONS.filter(({ isTold }) => isTold(history, tellings));
  const flagged = traitRow(history, tellings);
  if (told.length === 0 && flagged === null) return [];
  const [base, ...others] = [CONTRACT, ...told].map((definition) => {
    const retold = definition.retell(history, tellings);
    return { definition, compared: compare(history, retold), row: primaryRow(retold, options) };
  });
  const byContract = base?.row?.verdict ?? null;
  const rows = [base, ...others].flatMap((one) => {
    if (one === undefined) return [];
    const { definition, compared, row } = one;
    const told = { definition: definition.name, says: definition.says(tellings), ...compared };
    return [finished({ ...told, ...milestoneOf(row, byContract) })];
  });
  return flagged === null ? rows : [...rows, flagged];
}

function finished(row: Omit<SensitivityRow, 'sentence'>): SensitivityRow {
  return { ...row, sentence: sentenceOf(row) };
}

function primaryRow(history: History, options: SensitivityOptions): MilestoneRow | null {
  const primary = options.declared.find(({ isPrimary }) => isPrimary);
  if (primary === undefined) return null;
  const accounts = history.accounts.map((account) => ({
    ...account,
    reaches: account.reaches.filter(({ kind, name }) => kind === 'milestone' && name === primary.name),
  }));
  const asked = { ...options, windows: [primaryAgeOf(options.declared)], counts: { times: [1], users: [] } };
  const { rows } = testMilestones({ ...history, accounts }, asked);
  return rows.find(({ family }) => family === 'primary') ?? null;
}

const NO_MILESTONE = {
  milestone: null,
  n: null,
  events: null,
  hazardRatio: null,
  interval: null,
  p: null,
  verdict: null,
  changedFrom: null,
  reason: null,
};

function milestoneOf(row: MilestoneRow | null, byContract: Verdict | null) {
  if (row === null) return NO_MILESTONE;
  const { candidate, windowDays, n, events, hazardRatio, hazardInterval, p, verdict, needed } = row;
  return {
    milestone: { candidate, windowDays },
    n,
    events,
    hazardRatio,
    interval: hazardInterval,
    p,
    verdict,
    changedFrom: byContract === verdict ? null : byContract,
    reason: needed?.reason ?? null,
  };
}

const SAME_DAYS = 30;

type Compared = Pick<SensitivityRow, 'accounts' | 'churned' | 'agrees' | 'onlyHere' | 'onlyByContract' | 'otherDay'>;

/** Counts who has left by either history, as far as both are followed; days of the last spell. */
function compare(byContract: History, retold: History): Compared {
  const untilMs = Math.min(byContract.followedMs, retold.followedMs);
  const counts = { accounts: 0, churned: 0, agrees: 0, onlyHere: 0, onlyByContract: 0, otherDay: 0 };
  for (const [index, account] of byContract.accounts.entries()) {
    const other = retold.accounts[index];
    const here = other === undefined ? null : leftAt(other, untilMs);
    const there = leftAt(account, untilMs);
    if (here === null || there === null) continue;
    counts.accounts += 1;
    if (here !== 'stays') counts.churned += 1;
    if (here === 'stays' && there === 'stays') counts.agrees += 1;
    else if (there === 'stays') counts.onlyHere += 1;
    else if (here === 'stays') counts.onlyByContract += 1;
    else if (Math.abs(here - there) <= SAME_DAYS * DAY_MS) counts.agrees += 1;
    else counts.otherDay += 1;
  }
  return counts;
}

/** When an account left for the last time before an instant; null where it was never a customer before it. */
function leftAt(account: PastAccount, untilMs: number): number | 'stays' | null {
  const spells = customAt(account, untilMs).spells.filter(({ startMs }) => startMs < untilMs);
  const last = spells.at(-1);
  if (last === undefined) return null;
  return last.churnedMs !== null && last.churnedMs < untilMs ? last.churnedMs : 'stays';
}

/** A trait has no day, so that only who left can be held against the contracts; null where no trait tells. */
function traitRow(history: History, { trait }: Tellings): SensitivityRow | null {
  if (trait.size === 0) return null;
  const known = history.accounts.flatMap((account) => {
    const says = trait.get(account.accountId);
    const left = leftAt(account, history.followedMs);
    return says === undefined || left === null ? [] : [{ here: says, there: left !== 'stays' }];
  });
  const count = (isCounted: (one: { here: boolean; there: boolean }) => boolean) => known.filter(isCounted).length;
  return finished({
    definition: 'trait',
    says: 'a trait of the account, which has no day',
    accounts: known.length,
    churned: count(({ here }) => here),
    agrees: count(({ here, there }) => here === there),
    onlyHere: count(({ here, there }) => here && !there),
    onlyByContract: count(({ here, there }) => there && !here),
    otherDay: null,
    ...NO_MILESTONE,
    reason: 'it tells no day, so nothing after a landmark can be counted',
  });
}

const WORDS: Readonly<Record<Verdict, string>> = { holds: 'holds', fails: 'fails', too_little_data: 'too little data' };

function sentenceOf(row: Omit<SensitivityRow, 'sentence'>): string {
  const { definition, says, accounts, churned, onlyHere, onlyByContract, otherDay } = row;
  const isBase = definition === 'contract';
  const of = `${churned} of ${writeCount(accounts, 'account')} had left at the end of the data, told by ${says}`;
  const against = [
    onlyHere === 0 ? '' : `${onlyHere} of them pay on by contract`,
    onlyByContract === 0 ? '' : `${onlyByContract} whose contract ended are not among them`,
    otherDay === null || otherDay === 0 ? '' : `${otherDay} left more than ${SAME_DAYS} days before or after it`,
  ].filter((part) => part !== '');
  const agreement = isBase ? '' : against.length === 0 ? '. The contracts agree' : `: ${against.join(', ')}`;
  return `${of}${agreement}. ${milestoneSentence(row, isBase)}`.trim();
}

function milestoneSentence(row: Omit<SensitivityRow, 'sentence'>, isBase: boolean): string {
  const { milestone, hazardRatio, interval, verdict, changedFrom, reason } = row;
  if (verdict === null || milestone === null) return '';
  const seen =
    hazardRatio === null || interval === null
      ? ''
      : ` with a hazard ratio of ${hazardRatio.toFixed(2)} (${interval[0].toFixed(2)} to ${interval[1].toFixed(2)})`;
  const why = verdict === 'too_little_data' && reason !== null ? ` (${reason})` : '';
  const change = isBase ? '' : changedFrom === null ? ', as by contract' : `; by contract it is: ${WORDS[changedFrom]}`;
  return `${milestone.candidate} at ${milestone.windowDays} days of age: ${WORDS[verdict]}${seen}${why}${change}.`;
}
