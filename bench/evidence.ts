// Milestones and thresholds of 5,000 accounts, beside R: `npx tsx bench/evidence.ts [--accounts 5000 --weeks 52]`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strataOf } from '../src/evidence/age_landmark.ts';
import { onePerQuarter, watch } from '../src/evidence/calendar.ts';
import { type MilestoneReport, testMilestones } from '../src/evidence/milestone.ts';
import { exposedTo, followUp } from '../src/evidence/milestone_comparison.ts';
import { CUSTOMERS } from '../src/evidence/milestone_population.ts';
import { type ThresholdReport, testThresholds } from '../src/evidence/threshold.ts';
import { type PlantedPast, plantPast } from './evidence-past.ts';
import { type Figure, median, progress, readSize, report, seconds } from './measure.ts';

const WINDOWS = [14, 30, 60];
const CANDIDATES = 60;
const PERMUTATIONS = 199;
const HORIZON_DAYS = { milestones: 365, thresholds: 180 };
const LOWEST = 0.1;
const FULL = { accounts: 5_000, weeks: 52, below: 120 };
/** Relative difference up to which an answer of R and ours are the same: both are found by iteration. */
const TOLERANCE = 1e-4;

const milestonesOf = ({ history }: PlantedPast): MilestoneReport =>
  testMilestones(history, {
    windows: WINDOWS,
    counts: { times: [1], users: [] },
    horizonDays: HORIZON_DAYS.milestones,
    areas: [],
    workflows: [],
    declared: [],
  });

const thresholdsOf = ({ panel, signals }: PlantedPast): ThresholdReport =>
  testThresholds(panel, {
    signals,
    horizonDays: HORIZON_DAYS.thresholds,
    splitMs: null,
    permutations: PERMUTATIONS,
    seed: 1,
    model: [],
  });

type Column = readonly [string, ArrayLike<number>];

function writeCsv(path: string, columns: readonly Column[]): void {
  const rows = columns[0]?.[1].length ?? 0;
  const lines = Array.from({ length: rows }, (_, row) => columns.map(([, values]) => values[row]).join());
  writeFileSync(path, `${columns.map(([name]) => name).join()}\n${lines.join('\n')}\n`);
}

/** Writes the rows that both are asked about, as this package's own analyses see them. */
function writeQuestions(folder: string, past: PlantedPast, { rows, calendar }: ThresholdReport): void {
  const plan = { horizon: HORIZON_DAYS.milestones, permutations: PERMUTATIONS, lowest: LOWEST };
  writeCsv(
    join(folder, 'plan.csv'),
    Object.entries(plan).map(([name, value]) => [name, [value]]),
  );
  const cuts = rows.map(({ signal, cut, side }) => `${signal},${cut},${side}`);
  writeFileSync(join(folder, 'cuts.csv'), `signal,cut,side\n${cuts.join('\n')}\n`);
  for (const age of WINDOWS) {
    const landmark = CUSTOMERS.landmark(past.history, age);
    const { time, event } = followUp(landmark.rows);
    const exposures = Array.from({ length: CANDIDATES }, (_, index): Column => {
      const name = `event_${index}`;
      const done = {
        kind: 'event',
        name,
        measure: 'times',
        count: 1,
        isProxy: false,
        events: new Set([name]),
      } as const;
      return [name, exposedTo(done, landmark)];
    });
    const columns: readonly Column[] = [
      ['time', time],
      ['event', event],
      ['stratum', strataOf(landmark.rows)],
    ];
    writeCsv(join(folder, `age_${age}.csv`), [...columns, ...exposures]);
  }
  const before = calendar.rows.filter(({ landmarkMs }) => landmarkMs < calendar.splitMs);
  const after = calendar.rows.filter(({ landmarkMs }) => landmarkMs >= calendar.splitMs);
  const horizonDays = HORIZON_DAYS.thresholds;
  const parts = {
    searched: watch(onePerQuarter(before, calendar.firstMs), {
      fromMs: Number.NEGATIVE_INFINITY,
      untilMs: calendar.splitMs,
      horizonDays,
    }),
    later: watch(after, { fromMs: calendar.splitMs, untilMs: Number.POSITIVE_INFINITY, horizonDays }),
  };
  for (const [name, { rows: watched, time, event, entry }] of Object.entries(parts)) {
    writeCsv(join(folder, `${name}.csv`), [
      ['account', watched.map(({ cluster }) => cluster)],
      ['landmark', watched.map(({ landmarkMs }) => landmarkMs / 86_400_000)],
      ['entry', entry],
      ['time', time],
      ['event', event],
      ...past.signals.map(({ name: signal }): Column => {
        const values = past.panel.numbers(signal);
        return [signal, watched.map(({ index }) => values[index] ?? Number.NaN)];
      }),
    ]);
  }
}

interface Theirs {
  readonly answers: ReadonlyMap<string, readonly number[]>;
  readonly seconds: ReadonlyMap<string, number>;
  readonly versions: Readonly<Record<string, string>>;
}

const REACH = 1.959963984540054;
const isThere = (): boolean =>
  spawnSync('Rscript', ['-e', 'library(survival); library(maxstat)'], { stdio: 'ignore' }).status === 0;

function askR(folder: string): Theirs {
  const script = fileURLToPath(new URL('evidence.R', import.meta.url));
  const { status, stdout, stderr } = spawnSync('Rscript', [script, folder], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`R failed: ${stderr}`);
  const lines = stdout.split('\n').map((line) => line.split(',').map((word) => word.trim()));
  const of = (kind: string) => lines.filter(([first]) => first === kind);
  const [version] = of('version');
  return {
    answers: new Map(
      [...of('milestone'), ...of('threshold')].map(([kind, name, ...values]) => [
        `${kind} ${name}`,
        values.filter((value) => value !== '').map(Number),
      ]),
    ),
    seconds: new Map(of('seconds').map(([, name, value]) => [name ?? '', Number(value)])),
    versions: { r: version?.[1] ?? '?', survival: version?.[2] ?? '?', maxstat: version?.[3] ?? '?' },
  };
}

/** Throws with the first answer that differs; returns how many were compared. */
function mustAgree({ answers }: Theirs, milestones: MilestoneReport, thresholds: ThresholdReport): number {
  let compared = 0;
  const agree = (what: string, ours: number, theirs: number | undefined): void => {
    const isFar = theirs === undefined || !(Math.abs(ours - theirs) <= TOLERANCE * Math.abs(theirs) + 1e-12);
    if (isFar) throw new Error(`${what}: ${ours} here, ${theirs} in R`);
    compared += 1;
  };
  const ratio = (
    what: string,
    ours: number,
    interval: readonly [number, number],
    of: readonly (number | undefined)[],
  ) => {
    const [log, error] = [of[0] ?? Number.NaN, of[1] ?? Number.NaN];
    agree(`${what}, hazard ratio`, ours, Math.exp(log));
    agree(`${what}, lower limit`, interval[0], Math.exp(log - REACH * error));
    agree(`${what}, upper limit`, interval[1], Math.exp(log + REACH * error));
  };
  for (const { candidate, windowDays, hazardRatio, hazardInterval, p } of milestones.rows) {
    if (hazardRatio === null || hazardInterval === null || p === null) continue;
    const what = `milestone ${candidate} ${windowDays}`;
    const found = answers.get(what) ?? [];
    agree(`${what}, p`, p, found[0]);
    ratio(what, hazardRatio, hazardInterval, found.slice(1));
  }
  for (const { signal, cut, tested } of thresholds.rows) {
    if (cut === null || tested?.hazardRatio == null || tested.interval === null) continue;
    const what = `threshold ${signal}`;
    const found = answers.get(what) ?? [];
    agree(`${what}, cut`, cut, found[1]);
    ratio(what, tested.hazardRatio, tested.interval, found.slice(2));
  }
  return compared;
}

const { size, runs, weeks } = readSize();

/** The answer, and the median seconds of several runs: by the clock, and of the processor, which others disturb less. */
function timedRuns<Answer>(ask: () => Answer): {
  readonly answer: Answer;
  readonly clock: number;
  readonly processor: number;
} {
  const once = () => {
    const [start, before] = [performance.now(), process.cpuUsage()];
    const answer = ask();
    const { user, system } = process.cpuUsage(before);
    return { answer, clock: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
  };
  const first = once();
  const all = [first, ...Array.from({ length: runs - 1 }, once)];
  return {
    answer: first.answer,
    clock: median(all.map(({ clock }) => clock)),
    processor: median(all.map(({ processor }) => processor)),
  };
}

const past = plantPast({ accounts: size.accounts, landmarks: weeks, candidates: CANDIDATES });
progress(`planted ${size.accounts} accounts at ${weeks} landmarks`);
const asked = { milestones: timedRuns(() => milestonesOf(past)), thresholds: timedRuns(() => thresholdsOf(past)) };
const { answer: milestones } = asked.milestones;
const { answer: thresholds } = asked.thresholds;
const clock = { milestones: asked.milestones.clock, thresholds: asked.thresholds.clock };
const spent = { milestones: asked.milestones.processor, thresholds: asked.thresholds.processor };
progress(`milestones ${clock.milestones.toFixed(2)} s, thresholds ${clock.thresholds.toFixed(2)} s`);
const all = clock.milestones + clock.thresholds;
const isFull = size.accounts === FULL.accounts && weeks === FULL.weeks;
const figures: Figure[] = [
  { what: 'milestones', value: clock.milestones, unit: 's' },
  {
    what: 'thresholds',
    value: clock.thresholds,
    unit: 's',
    note: 'search, permutation, interval of the cut, later test',
  },
  { what: 'both', value: all, unit: 's', ...(isFull ? { below: FULL.below } : {}) },
  { what: 'both, processor time', value: spent.milestones + spent.thresholds, unit: 's' },
];
const notes = ['The analyses alone: history and panel are planted in memory; reading a panel is the row panel.'];
const versions: Record<string, string> = { node: process.versions.node };
if (isThere()) {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-'));
  try {
    writeQuestions(folder, past, thresholds);
    let theirs: Theirs | undefined;
    const whole = await seconds(async () => {
      theirs = askR(folder);
    });
    if (theirs === undefined) throw new Error('R has not answered');
    Object.assign(versions, theirs.versions);
    const compared = mustAgree(theirs, milestones, thresholds);
    progress(`R ${whole.toFixed(2)} s; equal: ${compared} numbers`);
    for (const name of ['milestones', 'thresholds'] as const) {
      const time = theirs.seconds.get(name) ?? Number.NaN;
      figures.push({ what: `R, ${name}, processor time`, value: time, unit: 's', note: 'reading the files left out' });
      figures.push({ what: `ours against R, ${name}`, value: spent[name] / time, unit: 'x', note: 'processor time' });
    }
    notes.push(
      `${compared} numbers agree with R within ${TOLERANCE}: p of the log-rank test, hazard ratios and their limits (coxph, strata, clusters), cuts (maxstat).`,
      'R: survdiff, coxph and survfit for each candidate and age; maxstat with as many shuffles of rows, and coxph after the split, for each signal. Ours also draws the interval of the cut, shuffles whole accounts, compares naively and tests the last quarter.',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  notes.push('Rscript with the packages survival and maxstat is not here: nothing was compared.');
}
report({
  row: 'evidence',
  sizes: { accounts: size.accounts, landmarks: weeks, candidates: CANDIDATES, permutations: PERMUTATIONS },
  versions,
  isEqual: true,
  figures,
  notes,
});
