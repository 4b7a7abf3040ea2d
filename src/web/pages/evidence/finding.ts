/** What was found of something that was tested; null: it is a description, in which nothing is tested. */
export type Verdict = 'holds' | 'fails' | 'too_little_data';

/** What every row of an answer says, whatever it is about. */
export interface Finding {
  readonly verdict: Verdict | null;
  readonly sentence: string;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  /** How many were tried together, of which some look good by chance. */
  readonly tried?: number;
}

/** The ends of an interval. */
export type Span = readonly [number, number];

/** The rows of an answer that say something of themselves; a row without a verdict describes and tests nothing. */
export function findingsOf<Row extends Pick<Finding, 'sentence'>>(answer: unknown): readonly (Row & Finding)[] {
  if (!Array.isArray(answer)) return [];
  return answer
    .filter((row) => typeof row === 'object' && row !== null && 'sentence' in row)
    .map((row) => ({ verdict: null, needed: null, ...row }) as Row & Finding);
}

const ORDER: readonly (Verdict | null)[] = ['holds', 'fails', null, 'too_little_data'];

/** What holds first, then what does not, then what cannot be told yet; among alike in the order of the answer. */
export function byVerdict<Row extends Finding>(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
}

/** How many were tried: the most that any row says. */
export function triedIn(rows: readonly Finding[]): number {
  return Math.max(0, ...rows.map(({ tried }) => tried ?? 0));
}

/** What a verdict says in words, with how many accounts would settle it where that is known. */
export function verdictText(verdict: Verdict, needed: Finding['needed'], whole: (value: number) => string): string {
  if (verdict === 'holds') return 'holds';
  if (verdict === 'fails') return 'does not hold';
  const accounts = needed?.accounts ?? null;
  return accounts === null ? 'too little data' : `too little data: ${whole(accounts)} accounts would tell`;
}
