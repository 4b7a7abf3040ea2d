import { type Auc, auc, aucDifference } from '../stats/auc.ts';
import { crossValidate } from '../stats/cross_validation.ts';
import { fitLogistic, predictLogistic } from '../stats/logistic.ts';
import type { CustomerRow } from './calendar.ts';
import { DAY_MS } from './history.ts';
import type { Panel } from './panel.ts';
import { type Column, columnsOf } from './predictor.ts';
import type { PanelSignal } from './signal.ts';

/** Rows of which it is known whether they churned within the horizon, and who is not among them. */
export interface Known {
  readonly rows: readonly CustomerRow[];
  readonly outcomes: Uint8Array;
  readonly clusters: readonly number[];
  /** Different churns. */
  readonly churns: number;
  /** Landmarks so late that the horizon was not over: with all their rows, churned or not. */
  readonly tooLate: number;
  /** Merged or renamed before it was over. */
  readonly linked: number;
}

/**
 * Rows whose horizon is over before an instant.
 *
 * Why whole landmarks are left out, churns in them too: leaving out only who had not churned yet would make late landmarks
 * all churn. What is left is cut off by the calendar alone, so no weighting is needed; merged accounts are counted apart.
 */
export function knownBy(rows: readonly CustomerRow[], untilMs: number, horizonDays: number): Known {
  const over = rows.filter(({ landmarkMs }) => landmarkMs + horizonDays * DAY_MS <= untilMs);
  const known = over.filter(({ outcome }) => outcome.days >= horizonDays || outcome.isChurned);
  const outcomes = Uint8Array.from(known, ({ outcome }) => (outcome.isChurned && outcome.days <= horizonDays ? 1 : 0));
  return {
    rows: known,
    outcomes,
    clusters: known.map(({ cluster }) => cluster),
    churns: new Set(known.flatMap(({ cluster }, place) => (outcomes[place] === 1 ? [cluster] : []))).size,
    tooLate: rows.length - over.length,
    linked: over.length - known.length,
  };
}

/** Chances that signals give each row, by models that never saw its account; null where they cannot be fitted. */
export function predictHeldOut(
  panel: Panel,
  signals: readonly PanelSignal[],
  known: Known,
  seed: number,
): Float64Array | null {
  const columns = signals.flatMap((signal) => columnsOf(panel, signal, known.rows));
  if (columns.length === 0) return null;
  const predicted = crossValidate({ outcomes: known.outcomes, columns, groups: known.clusters, seed });
  return predicted.kind === 'refused' ? null : predicted.predictions;
}

/** Chances that a model of earlier rows gives to later ones; null where it cannot be fitted. */
export function predictLater(
  panel: Panel,
  signals: readonly PanelSignal[],
  earlier: Known,
  later: Known,
): Float64Array | null {
  const both = [...earlier.rows, ...later.rows];
  const columns = signals.flatMap((signal) => columnsOf(panel, signal, both));
  const ready = columns.flatMap((column) => standardise(column, earlier.rows.length));
  if (ready.length === 0) return null;
  const cut = (from: number, to: number) => ready.map(({ name, values }) => ({ name, values: values.slice(from, to) }));
  const fit = fitLogistic({ outcomes: earlier.outcomes, columns: cut(0, earlier.rows.length), ridge: 1 });
  if (fit.kind !== 'fitted') return null;
  return predictLogistic(fit, cut(earlier.rows.length, both.length), later.rows.length);
}

/** Filled by the median, in standard deviations of the first `count` rows alone, with a column of what is missing there. */
function standardise({ name, values }: Column, count: number): readonly Column[] {
  const known = values
    .slice(0, count)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const typical = known[known.length >> 1];
  if (typical === undefined) return [];
  const filled = values.map((value) => (Number.isNaN(value) ? typical : value));
  const missing = values.map((value) => (Number.isNaN(value) ? 1 : 0));
  return [
    scaled({ name, values: filled }, count),
    scaled({ name: `${name} is missing`, values: missing }, count),
  ].flatMap((column) => column ?? []);
}

function scaled({ name, values }: Column, count: number): Column | null {
  const first = values.slice(0, count);
  const mean = first.reduce((sum, value) => sum + value, 0) / count;
  const deviation = Math.sqrt(first.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  if (!(deviation > 1e-9)) return null;
  return { name, values: values.map((value) => (value - mean) / deviation) };
}

/** How well chances tell who churns, rows of one account clustered; null where that cannot be told. */
export function aucOf(scores: Float64Array | null, { outcomes, clusters }: Known): Auc | null {
  if (scores === null) return null;
  const found = auc(scores, outcomes, { clusters });
  return found.kind === 'estimated' ? found : null;
}

/** By how much one prediction beats another on the same rows; null where that cannot be told. */
export function gainOf(scores: Float64Array | null, base: Float64Array | null, { outcomes, clusters }: Known) {
  if (scores === null || base === null) return null;
  const found = aucDifference(scores, base, outcomes, { clusters });
  return found.kind === 'estimated' ? found : null;
}
