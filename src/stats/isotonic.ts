import { ascending, firstAtLeast, forEachTie } from './ranks.ts';

/** A curve that never falls: straight between its knots, level before the first and after the last. */
export interface IsotonicCurve {
  /** Ascending. */
  readonly x: Float64Array;
  /** Never falling. */
  readonly y: Float64Array;
}

/**
 * The curve that never falls and lies nearest to the points in (weighted) squares: pool adjacent violators.
 *
 * Shape: knots at the distinct x, a level stretch only at its two ends; equal x are averaged first. Fitted to outcomes
 * of 0 and 1 over scores it is a calibration map. No points, no knots.
 * Refuses: numbers that are not finite, lengths that differ, weights that are not positive (throws).
 * Source: Ayer et al. 1955; Barlow et al. 1972; as R isoreg where no x come twice.
 */
export function fitIsotonic(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights: ArrayLike<number> | null = null,
): IsotonicCurve {
  if (x.length !== y.length) throw new Error(`${x.length} x for ${y.length} y`);
  if (weights !== null && weights.length !== x.length)
    throw new Error(`${weights.length} weights for ${x.length} points`);
  const blocks: Block[] = [];
  const order = ascending(x);
  forEachTie(x, order, (start, end) => {
    const at = x[order[start] as number] as number;
    if (!Number.isFinite(at)) throw new Error(`an x is ${at}: it must be finite`);
    let block: Block = { from: at, to: at, mean: 0, weight: 0 };
    for (let place = start; place < end; place++) {
      const row = order[place] as number;
      const weight = weights === null ? 1 : (weights[row] as number);
      if (!(weight > 0)) throw new Error(`weight ${weight} of point ${row} is not positive`);
      if (!Number.isFinite(y[row])) throw new Error(`y of point ${row} is ${y[row]}: it must be finite`);
      block = merged(block, { from: at, to: at, mean: y[row] as number, weight });
    }
    for (let before = blocks.at(-1); before !== undefined && before.mean >= block.mean; before = blocks.at(-1)) {
      blocks.pop();
      block = merged(before, block);
    }
    blocks.push(block);
  });
  const knots = blocks.flatMap(({ from, to, mean }) =>
    from === to
      ? [[from, mean]]
      : [
          [from, mean],
          [to, mean],
        ],
  );
  return {
    x: Float64Array.from(knots, (knot) => knot[0] as number),
    y: Float64Array.from(knots, (knot) => knot[1] as number),
  };
}

/** The height of the curve at `x`; null where the curve has no knots. Refuses NaN (throws). */
export function isotonicAt(curve: IsotonicCurve, x: number): number | null {
  if (Number.isNaN(x)) throw new Error('NaN has no place on a curve');
  if (curve.x.length === 0) return null;
  const after = firstAtLeast(curve.x, x);
  if (after === curve.x.length) return curve.y[after - 1] as number;
  if (after === 0 || curve.x[after] === x) return curve.y[after] as number;
  const [fromX, toX] = [curve.x[after - 1] as number, curve.x[after] as number];
  const [fromY, toY] = [curve.y[after - 1] as number, curve.y[after] as number];
  return fromY + ((x - fromX) / (toX - fromX)) * (toY - fromY);
}

interface Block {
  readonly from: number;
  readonly to: number;
  readonly mean: number;
  readonly weight: number;
}

function merged(a: Block, b: Block): Block {
  const weight = a.weight + b.weight;
  return { from: a.from, to: b.to, mean: a.mean + ((b.mean - a.mean) * b.weight) / weight, weight };
}
