import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import { type AgeContrast, contrastAtAge, verdictOnClaim } from './age_contrast.ts';
import { type AgeRow, ageLandmark } from './age_landmark.ts';
import { atRisk } from './calendar.ts';
import { accountsToSettle, type Contrast, contrastGroups, whyUnsettled } from './contrast.ts';
import { contrastFrequency, type FrequencyContrast, verdictOnFrequency } from './frequency.ts';
import type { History } from './history.ts';
import type { Panel } from './panel.ts';
import type { ReversionRow, RoleRow, RoleTest } from './role_row.ts';
import { reversionSentence, roleSentence } from './role_sentence.ts';
import { churnStretch } from './stretch.ts';
import type { Verdict } from './verdict.ts';

/** What to ask. */
export interface RoleOptions {
  readonly areas: readonly string[];
  readonly ageDays: number;
  readonly horizonDays: number;
}

const CHURN_DAYS = 180;
const REVERSIONS = ['core_reverted_features', 'reverted_features'] as const;

/**
 * What does each feature area go with: expansion, or use and staying? (R054, R055)
 *
 * Unit: customer at an age; adopted: used before it. Expansion and churn by Cox within the bands; active days by their
 * rise. Each is one of many tried. Reversion: customers at calendar landmarks that used an area and stopped, against those
 * that did not, clustered by account.
 */
export function testRoles(history: History, panel: Panel, options: RoleOptions): readonly (RoleRow | ReversionRow)[] {
  const { rows } = ageLandmark(history, options.ageDays);
  const asked = options.areas.map((area) => askedOf(history, rows, area, options));
  const qs = benjaminiHochberg(
    asked.flatMap(({ expansion, retention, frequency }) => [expansion.p, retention.p, frequency.p]),
  );
  const tried = qs.filter((q) => q !== null).length;
  const roles = asked.map((one, index) => roleRow(one, qs.slice(3 * index, 3 * index + 3), tried, options));
  return [...roles, ...reversionRows(history, panel)];
}

interface Asked {
  readonly area: string;
  readonly expansion: AgeContrast;
  readonly retention: AgeContrast;
  readonly frequency: FrequencyContrast;
}

function askedOf(history: History, rows: readonly AgeRow[], area: string, { horizonDays }: RoleOptions): Asked {
  const isExposed = ({ account, landmarkMs }: AgeRow) =>
    account.reaches.some(
      ({ kind, name, times }) => kind === 'area' && name === area && (times[0] ?? Infinity) < landmarkMs,
    );
  const contrast = (outcome: 'churn' | 'expansion') =>
    contrastAtAge(rows, { isExposed, outcome, horizonDays, followedMs: history.followedMs });
  return {
    area,
    expansion: contrast('expansion'),
    retention: contrast('churn'),
    frequency: contrastFrequency(rows, isExposed),
  };
}

function roleRow(asked: Asked, qs: readonly (number | null)[], tried: number, options: RoleOptions): RoleRow {
  const { area, expansion, retention, frequency } = asked;
  const [forExpansion = null, forRetention = null, forFrequency = null] = qs;
  const tests = {
    expansion: hazardTest(expansion, forExpansion, 1),
    retention: hazardTest(retention, forRetention, -1),
    frequency: frequencyTest(frequency, forFrequency),
  };
  const engages = anyOf([tests.retention.verdict, tests.frequency.verdict]);
  const role = roleOf(tests.expansion.verdict, engages);
  const verdict = role === 'too_little_data' ? role : role === 'neither' ? ('fails' as const) : ('holds' as const);
  const row = {
    kind: 'role' as const,
    area,
    ageDays: options.ageDays,
    n: expansion.accounts[0] + expansion.accounts[1] === 0 ? retention.accounts : expansion.accounts,
    events: expansion.events,
    estimate: expansion.p === null ? null : expansion.difference,
    interval: expansion.p === null ? null : expansion.differenceInterval,
    ...tests,
    role,
    p: expansion.p,
    q: forExpansion,
    tried,
    horizonDays: options.horizonDays,
    verdict,
    needed: verdict === 'too_little_data' ? neededFor(expansion, forExpansion) : null,
  };
  return { ...row, sentence: roleSentence(row) };
}

function hazardTest(contrast: Contrast, q: number | null, sign: -1 | 1): RoleTest {
  const { hazardRatio, interval, p } = contrast;
  const verdict = verdictOnClaim(contrast, q, sign);
  const reason = verdict === 'too_little_data' ? whyUnsettled(contrast, q) : null;
  return { estimate: hazardRatio, interval, p, q, verdict, reason };
}

function frequencyTest(contrast: FrequencyContrast, q: number | null): RoleTest {
  const { difference, interval, p, reason } = contrast;
  return { estimate: difference, interval, p, q, verdict: verdictOnFrequency(contrast, q), reason };
}

function anyOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('holds')) return 'holds';
  return verdicts.includes('too_little_data') ? 'too_little_data' : 'fails';
}

function roleOf(expands: Verdict, engages: Verdict): RoleRow['role'] {
  if (expands === 'holds') return engages === 'holds' ? 'both' : 'expansion';
  if (engages === 'holds') return 'engagement';
  return expands === 'fails' && engages === 'fails' ? 'neither' : 'too_little_data';
}

function neededFor(contrast: Contrast, q: number | null) {
  return { reason: whyUnsettled(contrast, q), accounts: accountsToSettle(contrast) };
}

function reversionRows(history: History, panel: Panel): readonly ReversionRow[] {
  const customers = atRisk(panel);
  const contrasts = REVERSIONS.map((signal) => {
    const values = panel.numbers(signal);
    const known = customers.filter(({ index }) => !Number.isNaN(values[index]));
    const side = Uint8Array.from(known, ({ index }) => ((values[index] ?? 0) >= 1 ? 1 : 0));
    const stretches = known.map((row) => churnStretch(row, CHURN_DAYS));
    return contrastGroups(stretches, { side, followedMs: history.followedMs });
  });
  const qs = benjaminiHochberg(contrasts.map(({ p }) => p));
  return contrasts.map((contrast, index) => {
    const q = qs[index] ?? null;
    const verdict = verdictOnClaim(contrast, q, 1);
    const row = {
      kind: 'reversion' as const,
      signal: REVERSIONS[index] ?? '',
      n: contrast.accounts,
      events: contrast.events,
      estimate: contrast.hazardRatio,
      interval: contrast.interval,
      p: contrast.p,
      q,
      tried: qs.filter((one) => one !== null).length,
      horizonDays: CHURN_DAYS,
      verdict,
      needed: verdict === 'too_little_data' ? neededFor(contrast, q) : null,
    };
    return { ...row, sentence: reversionSentence(row) };
  });
}
