import { chiSquareUpperTail } from './chi_square.ts';
import type { CoxModel } from './cox.ts';
import { type EventTime, visitEventTimes } from './cox_likelihood.ts';
import { type CoxRows, orderRows } from './cox_rows.ts';
import { kaplanMeier, type SurvivalCurve, stepAt } from './kaplan_meier.ts';
import type { Refusal } from './refusal.ts';
import { factor, quadraticForm } from './symmetric_matrix.ts';

/** How the effect is supposed to change: with 1 less Kaplan-Meier survival just before the time, or with the time itself. */
export type TimeScale = 'km' | 'identity';

/** A test that an effect does not change with time. */
interface ProportionalityTest {
  readonly chiSquare: number;
  readonly df: number;
  readonly p: number;
}

/** Tests that effects do not change with time: of each covariate, and of all at once. */
export interface ProportionalHazards {
  readonly kind: 'tested';
  readonly covariates: readonly ProportionalityTest[];
  readonly global: ProportionalityTest;
}

/**
 * Does the hazard ratio hold over the whole follow-up? A low p says that it changes with time.
 *
 * Takes the rows that the model was fitted to. Refuses `too_few_times`: fewer than two different times with events.
 * Takes rows as independent, also where the model was clustered.
 *
 * Source: Grambsch and Therneau 1994 as the score test of R `cox.zph` (survival 3.0 and later), `terms` of one column.
 */
export function proportionalHazards(
  rows: CoxRows,
  model: CoxModel,
  scale: TimeScale = 'km',
): ProportionalHazards | Refusal<'too_few_times'> {
  const ordered = orderRows(rows);
  const { width } = ordered;
  if (model.coefficients.length !== width) throw new Error('the model was fitted to other covariates');
  const beta = model.coefficients.map(({ estimate }, j) => estimate * (ordered.scale[j] as number));
  const clock = clockOf(rows, scale);
  const sums = extendedInformation(width);
  visitEventTimes(ordered, beta, (at) => addExtended(sums, at, clock(at.time)));
  if (sums.times < 2) return { kind: 'refused', reason: 'too_few_times', needed: 2 };
  const test = (columns: readonly number[]) => scoreTest(sums, columns);
  const all = Array.from({ length: width }, (_, j) => j);
  return { kind: 'tested', covariates: all.map((j) => test([j])), global: test(all) };
}

function clockOf(rows: CoxRows, scale: TimeScale): (time: number) => number {
  const middle = Array.from(rows.time).reduce((sum, time) => sum + time / rows.time.length, 0);
  if (scale === 'identity') return (time) => time - middle;
  const curve = kaplanMeier(rows);
  return (time) => 0.5 - before(curve, time);
}

function before(curve: SurvivalCurve, time: number): number {
  return curve.survival[stepAt(curve, time) - 1] ?? 1;
}

/** Score and information of a model in which each coefficient may also change with the clock. */
interface Extended {
  readonly width: number;
  readonly score: Float64Array;
  readonly plain: Float64Array;
  readonly mixed: Float64Array;
  readonly clocked: Float64Array;
  times: number;
}

function extendedInformation(width: number): Extended {
  const square = () => new Float64Array(width * width);
  return { width, score: new Float64Array(width), plain: square(), mixed: square(), clocked: square(), times: 0 };
}

function addExtended(sums: Extended, at: EventTime, clock: number): void {
  sums.times += 1;
  at.gradient.forEach((value, j) => {
    sums.score[j] = (sums.score[j] as number) + clock * value;
  });
  at.information.forEach((value, cell) => {
    sums.plain[cell] = (sums.plain[cell] as number) + value;
    sums.mixed[cell] = (sums.mixed[cell] as number) + clock * value;
    sums.clocked[cell] = (sums.clocked[cell] as number) + clock * clock * value;
  });
}

function scoreTest({ width, score, plain, mixed, clocked }: Extended, columns: readonly number[]): ProportionalityTest {
  const size = width + columns.length;
  const information = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const [j, k] = [columns[row - width] ?? row, columns[column - width] ?? column];
      const clocks = Number(row >= width) + Number(column >= width);
      const block = clocks === 0 ? plain : clocks === 1 ? mixed : clocked;
      information[row * size + column] = block[j * width + k] as number;
    }
  }
  const right = Float64Array.from({ length: size }, (_, row) =>
    row < width ? 0 : (score[columns[row - width] as number] as number),
  );
  const factored = factor(information, size);
  const df = columns.length - factored.redundant.filter((row) => row >= width).length;
  const chiSquare = Math.max(0, quadraticForm(factored, right));
  return { chiSquare, df, p: df === 0 ? 1 : chiSquareUpperTail(chiSquare, df) };
}
