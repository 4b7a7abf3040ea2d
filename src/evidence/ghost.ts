import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import { wilsonInterval } from '../stats/proportion.ts';
import { mixExplained } from '../stats/variance_explained.ts';
import { strataOf } from './age_landmark.ts';
import { atRisk, type CustomerRow } from './calendar.ts';
import { type Contrast, contrastGroups, verdictOnContrast, whyUnsettled } from './contrast.ts';
import { type CellOf, type CellOptions, cellsOf, customersToday } from './ghost_cell.ts';
import type { CellRow, GhostCohort, MixRow } from './ghost_row.ts';
import { cellSentence, mixSentence } from './ghost_sentence.ts';
import { findTwins, type TwinRow } from './ghost_twin.ts';
import type { History } from './history.ts';
import type { Panel } from './panel.ts';
import { pooledIncidence } from './pooled.ts';
import { type Figure, survivorsOf } from './segment_figures.ts';
import { churnStretch } from './stretch.ts';

/** What to ask; `signals` are those in which twins are compared. */
export interface GhostOptions extends CellOptions {
  readonly signals: readonly string[];
  readonly horizonDays: number;
  readonly twins: number;
  readonly seed: number;
  readonly resamples?: number;
}

/**
 * Does the average of a firmographic segment describe a customer that exists? (R017, R018)
 *
 * Mix: customers of today, Wilson intervals. Retention: landmarks by the cell and cohort of then, whole accounts drawn; each
 * cohort against the rest of its cell by Cox clustered by account, Benjamini-Hochberg over all of them. What a cell says of
 * the cohort: Goodman and Kruskal's tau with a permutation of accounts.
 */
export function testGhosts(
  history: History,
  panel: Panel,
  options: GhostOptions,
): readonly (MixRow | CellRow | TwinRow)[] {
  const cellOf = cellsOf(panel, options);
  const cohorts = panel.texts('cohort');
  const today = customersToday(panel).filter(({ index }) => cohorts[index] !== null);
  const rows = atRisk(panel).filter(({ index, home }) => home !== null && cohorts[index] !== null);
  const cells = [...new Set(today.map(cellOf))].sort();
  const field: Field = { history, rows, cellOf, cohortOf: ({ index }) => cohorts[index] ?? '', options };
  const asked = cells.map((cell) =>
    askedOf(
      field,
      cell,
      today.filter((row) => cellOf(row) === cell),
    ),
  );
  const qs = benjaminiHochberg(asked.flatMap(({ parts }) => parts.map(({ contrast }) => contrast.p)));
  const tried = qs.filter((q) => q !== null).length;
  let place = 0;
  const told = asked.map((one) => {
    const own = qs.slice(place, place + one.parts.length);
    place += one.parts.length;
    return cellRow(one, own, tried, options);
  });
  const mix = mixRow(
    field,
    told,
    today.map((row) => ({ cell: cellOf(row), cohort: field.cohortOf(row) })),
  );
  return [mix, ...told, ...findTwins(panel, { cellOf, signals: options.signals, most: options.twins })];
}

interface Field {
  readonly history: History;
  readonly rows: readonly CustomerRow[];
  readonly cellOf: CellOf;
  readonly cohortOf: (row: { readonly index: number }) => string;
  readonly options: GhostOptions;
}

interface Asked {
  readonly cell: string;
  readonly n: number;
  readonly average: Figure;
  readonly parts: readonly {
    readonly cohort: string;
    readonly n: number;
    readonly kept: Figure & { readonly accounts: number };
    readonly contrast: Contrast;
  }[];
}

function askedOf(field: Field, cell: string, today: readonly { readonly index: number }[]): Asked {
  const { options, cohortOf, history } = field;
  const own = field.rows.filter((row) => field.cellOf(row) === cell);
  const kept = (rows: readonly CustomerRow[]) =>
    survivorsOf(
      pooledIncidence(
        rows.map((row) => churnStretch(row, options.horizonDays)),
        options.horizonDays,
        options,
      ),
    );
  const stretches = own.map((row) => churnStretch(row, options.horizonDays));
  const names = [...new Set([...today, ...own].map(cohortOf))].sort();
  const parts = names.map((cohort) => {
    const side = Uint8Array.from(own, (row) => (cohortOf(row) === cohort ? 1 : 0));
    return {
      cohort,
      n: today.filter((row) => cohortOf(row) === cohort).length,
      kept: kept(own.filter((row) => cohortOf(row) === cohort)),
      contrast: contrastGroups(stretches, { side, followedMs: history.followedMs }),
    };
  });
  const { estimate, interval } = kept(own);
  return { cell, n: today.length, average: { estimate, interval }, parts };
}

function cellRow(asked: Asked, qs: readonly (number | null)[], tried: number, { horizonDays }: GhostOptions): CellRow {
  const cohorts = asked.parts.map(({ cohort, n, kept, contrast }, index): GhostCohort => {
    const q = qs[index] ?? null;
    return {
      cohort,
      n,
      share: n / asked.n,
      shareInterval: wilsonInterval({ successes: n, trials: asked.n }),
      estimate: kept.estimate,
      interval: kept.interval,
      accounts: kept.accounts,
      hazardRatio: contrast.hazardRatio,
      hazardInterval: contrast.interval,
      p: contrast.p,
      q,
      verdict: verdictOnContrast(contrast, q),
    };
  });
  const verdicts = cohorts.map(({ verdict }) => verdict);
  const rest = verdicts.every((one) => one === 'fails') ? ('fails' as const) : ('too_little_data' as const);
  const verdict = verdicts.includes('holds') ? ('holds' as const) : rest;
  const reason = asked.parts.map(({ contrast }, index) => whyUnsettled(contrast, qs[index] ?? null))[0] ?? 'no cohort';
  const needed = verdict === 'too_little_data' ? { reason, accounts: null } : null;
  const row = {
    kind: 'cell' as const,
    cell: asked.cell,
    n: asked.n,
    ...asked.average,
    cohorts,
    horizonDays,
    tried,
    verdict,
    needed,
  };
  return { ...row, sentence: cellSentence(row) };
}

/** Each cohort against the others of its cell, all cells together: strata keep what paper tells out of it. */
function withinCellsOf({ rows, cellOf, cohortOf, history, options }: Field): MixRow['withinCells'] {
  const stretches = rows.map((row) => churnStretch(row, options.horizonDays));
  const strata = strataOf(rows.map((row) => ({ stratum: cellOf(row) })));
  const names = [...new Set(rows.map(cohortOf))].sort();
  const contrasts = names.map((cohort) => {
    const side = Uint8Array.from(rows, (row) => (cohortOf(row) === cohort ? 1 : 0));
    return contrastGroups(stretches, { side, strata, followedMs: history.followedMs });
  });
  const qs = benjaminiHochberg(contrasts.map(({ p }) => p));
  return contrasts.map((contrast, index) => {
    const q = qs[index] ?? null;
    const { hazardRatio, interval, p } = contrast;
    return {
      cohort: names[index] ?? '',
      hazardRatio,
      hazardInterval: interval,
      p,
      q,
      verdict: verdictOnContrast(contrast, q),
    };
  });
}

function mixRow(
  field: Field,
  cells: readonly CellRow[],
  today: readonly { readonly cell: string; readonly cohort: string }[],
): MixRow {
  const { seed, horizonDays } = field.options;
  const explained = mixExplained(
    today.map(({ cohort }) => cohort),
    today.map(({ cell }) => cell),
    { seed },
  );
  const isTold = explained.kind === 'estimated';
  const p = isTold ? explained.p : null;
  const verdict = p !== null && p <= 0.05 ? ('holds' as const) : ('too_little_data' as const);
  const nobody = 'no customer of today has a cohort, which takes people whose use is seen';
  const few = today.length === 0 ? nobody : isTold ? null : explained.reason;
  const reason = few ?? 'cells may say nothing, or too little to be seen with so many accounts';
  const row = {
    kind: 'mix' as const,
    n: today.length,
    cells: cells.length,
    estimate: isTold ? explained.tau : null,
    interval: null,
    aboveChance: isTold ? explained.tauAboveChance : null,
    p,
    withinCells: withinCellsOf(field),
    spread: { between: betweenOf(cells), within: withinOf(cells) },
    horizonDays,
    tried: 1,
    verdict,
    needed: verdict === 'holds' ? null : { reason, accounts: null },
  };
  return { ...row, sentence: mixSentence(row) };
}

function betweenOf(cells: readonly CellRow[]): number | null {
  return spreadOf(
    cells.map(({ estimate, n }) => ({ value: estimate, weight: n, around: 0 })),
    true,
  );
}

function withinOf(cells: readonly CellRow[]): number | null {
  const parts = cells.flatMap(({ estimate, cohorts }) =>
    estimate === null ? [] : cohorts.map((cohort) => ({ value: cohort.estimate, weight: cohort.n, around: estimate })),
  );
  return spreadOf(parts, false);
}

function spreadOf(
  values: readonly { readonly value: number | null; readonly weight: number; readonly around: number }[],
  isAroundMean: boolean,
): number | null {
  const known = values.flatMap(({ value, ...rest }) => (value === null ? [] : [{ value, ...rest }]));
  const weight = known.reduce((sum, one) => sum + one.weight, 0);
  if (weight === 0) return null;
  const mean = known.reduce((sum, one) => sum + one.weight * one.value, 0) / weight;
  const squares = known.reduce(
    (sum, one) => sum + one.weight * (one.value - (isAroundMean ? mean : one.around)) ** 2,
    0,
  );
  return Math.sqrt(squares / weight);
}
