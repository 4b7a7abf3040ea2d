import { holm } from '../stats/multiple_testing.ts';
import { atRisk, type CustomerRow } from './calendar.ts';
import { accountsToSettle, type Contrast, contrastGroups, verdictOnContrast, whyUnsettled } from './contrast.ts';
import type { History } from './history.ts';
import type { Panel } from './panel.ts';
import { type Figure, type GroupFigures, groupFigures } from './segment_figures.ts';
import type { Basis, Difference, SegmentPairRow, SegmentRow } from './segment_row.ts';
import { pairSentence, segmentSentence } from './segment_sentence.ts';
import { churnStretch, expansionStretch, horizonWithin, type Stretch } from './stretch.ts';
import type { Verdict } from './verdict.ts';

/** The three things by which a segment is worked differently (R014). */
interface SegmentMotion {
  readonly name: string;
  readonly messagingHook: string | null;
  readonly salesMotion: string | null;
  readonly pricing: string | null;
}

/** What to ask. */
export interface SegmentOptions {
  readonly segments: readonly SegmentMotion[];
  readonly horizonDays: number;
  readonly seed: number;
  readonly resamples?: number;
}

/**
 * Do the members of a segment stay, or expand, at another rate than the members of others? (R095)
 *
 * Unit: customer at a calendar landmark, rows of one account clustered; segments are the rules' own answers under this
 * model. Each against all others, and each pair, by robust Cox; Holm over each family. Segments of the raw answer and
 * home segments are looked at apart.
 */
export function testSegments(
  history: History,
  panel: Panel,
  options: SegmentOptions,
): readonly (SegmentRow | SegmentPairRow)[] {
  const rows = atRisk(panel);
  return (['raw', 'home'] as const).flatMap((basis) => {
    const known = rows.filter((row) => row[basis] !== null);
    const names = options.segments.map(({ name }) => name).filter((name) => known.some((row) => row[basis] === name));
    const field: Field = { history, basis, rows: known, options };
    return [...segmentRows(field, names), ...pairRows(field, names)];
  });
}

interface Field {
  readonly history: History;
  readonly basis: Basis;
  readonly rows: readonly CustomerRow[];
  readonly options: SegmentOptions;
}

function segmentRows(field: Field, names: readonly string[]): readonly SegmentRow[] {
  const { rows, basis, options } = field;
  const contrasts = names.map((name) => contrastsOf(field, rows, (row) => row[basis] === name));
  const qs = holm(contrasts.flatMap(({ retention, expansion }) => [retention.p, expansion.p]));
  const tried = qs.filter((q) => q !== null).length;
  return names.map((segment, index) => {
    const own = rows.filter((row) => row[basis] === segment);
    const { retention, expansion } = contrasts[index] as Contrasts;
    const differs = {
      retention: differenceOf(retention, qs[2 * index] ?? null),
      expansion: differenceOf(expansion, qs[2 * index + 1] ?? null),
    };
    const horizonDays = horizonWithin(own, options.horizonDays);
    const figures = horizonDays === null ? null : groupFigures(field.history, own, { ...options, horizonDays });
    const verdict = eitherOf(differs);
    const row = {
      kind: 'segment' as const,
      segment,
      basis,
      landmarks: own.length,
      horizonDays,
      ...figuresOf(own, figures),
      differs,
      p: retention.p,
      q: differs.retention.q,
      tried,
      verdict,
      standing: verdict === 'holds' ? ('validated' as const) : ('hypothesis' as const),
      needed: verdict === 'too_little_data' ? neededFor(retention, differs.retention) : null,
    };
    return { ...row, sentence: segmentSentence(row) };
  });
}

function figuresOf(rows: readonly CustomerRow[], figures: GroupFigures | null) {
  const unknown: Figure = { estimate: null, interval: null };
  return {
    n: new Set(rows.map(({ cluster }) => cluster)).size,
    churned: figures?.retention.events ?? 0,
    estimate: figures?.retention.estimate ?? null,
    interval: figures?.retention.interval ?? null,
    renewalShare: figures?.renewalShare ?? null,
    gross: figures?.gross ?? unknown,
    net: figures?.net ?? unknown,
    moneyAccounts: figures?.moneyAccounts ?? 0,
    expansion: {
      estimate: figures?.expansion.estimate ?? null,
      interval: figures?.expansion.interval ?? null,
      expanded: figures?.expansion.events ?? 0,
    },
  };
}

function pairRows(field: Field, names: readonly string[]): readonly SegmentPairRow[] {
  const { rows, basis, options } = field;
  const pairs = names.flatMap((first, index) => names.slice(index + 1).map((second) => [first, second] as const));
  const contrasts = pairs.map(([first, second]) => {
    const both = rows.filter((row) => row[basis] === first || row[basis] === second);
    return contrastsOf(field, both, (row) => row[basis] === first);
  });
  const qs = holm(contrasts.flatMap(({ retention, expansion }) => [retention.p, expansion.p]));
  const tried = qs.filter((q) => q !== null).length;
  return pairs.map((segments, index) => {
    const { retention, expansion } = contrasts[index] as Contrasts;
    const differs = {
      retention: differenceOf(retention, qs[2 * index] ?? null),
      expansion: differenceOf(expansion, qs[2 * index + 1] ?? null),
    };
    const verdict = eitherOf(differs);
    const sameMotion = sameMotionOf(segments, options.segments);
    const row = {
      kind: 'pair' as const,
      segments,
      basis,
      n: retention.accounts,
      horizonDays: options.horizonDays,
      differs,
      sameMotion,
      tried,
      verdict,
      advice: verdict !== 'holds' && sameMotion.length > 0 ? ('merge' as const) : ('keep' as const),
      needed: verdict === 'too_little_data' ? neededFor(retention, differs.retention) : null,
    };
    return { ...row, sentence: pairSentence(row) };
  });
}

interface Contrasts {
  readonly retention: Contrast;
  readonly expansion: Contrast;
}

function contrastsOf(field: Field, rows: readonly CustomerRow[], isInside: (row: CustomerRow) => boolean): Contrasts {
  const { followedMs } = field.history;
  const { horizonDays } = field.options;
  const contrast = (watch: (row: CustomerRow) => Stretch | null) => {
    const watched = rows.flatMap((row) => {
      const stretch = watch(row);
      return stretch === null ? [] : [{ stretch, side: isInside(row) ? 1 : 0 }];
    });
    const side = Uint8Array.from(watched, (one) => one.side);
    return contrastGroups(
      watched.map(({ stretch }) => stretch),
      { side, followedMs },
    );
  };
  return {
    retention: contrast((row) => churnStretch(row, horizonDays)),
    expansion: contrast((row) => expansionStretch(row, horizonDays)),
  };
}

function differenceOf(contrast: Contrast, q: number | null): Difference {
  const { hazardRatio, interval, events, expected, p, isSameLater } = contrast;
  const verdict = verdictOnContrast(contrast, q);
  const reason = verdict === 'too_little_data' ? whyUnsettled(contrast, q) : null;
  return { hazardRatio, hazardInterval: interval, events, expected, isSameLater, p, q, verdict, reason };
}

function eitherOf({ retention, expansion }: SegmentRow['differs']): Verdict {
  const verdicts = [retention.verdict, expansion.verdict];
  if (verdicts.includes('holds')) return 'holds';
  return verdicts.includes('too_little_data') ? 'too_little_data' : 'fails';
}

function neededFor(contrast: Contrast, { reason }: Difference) {
  return { reason, accounts: accountsToSettle(contrast) };
}

const MOTION = { messagingHook: 'messaging hook', salesMotion: 'sales motion', pricing: 'pricing' } as const;

function sameMotionOf(segments: readonly [string, string], motions: readonly SegmentMotion[]): readonly string[] {
  const [first, second] = segments.map((name) => motions.find((motion) => motion.name === name));
  return (['messagingHook', 'salesMotion', 'pricing'] as const)
    .filter((key) => first?.[key] == null || second?.[key] == null || first[key] === second[key])
    .map((key) => MOTION[key]);
}
