/** A position on paper for a value, and the other way round is never needed. */
export type Scale = (value: number) => number;

/** A straight scale from a span of values to a span of positions. */
export function linearScale([low, high]: readonly [number, number], [from, to]: readonly [number, number]): Scale {
  const width = high - low || 1;
  return (value) => round(from + ((value - low) / width) * (to - from));
}

/** A scale on which equal ratios are equally far; values must be above 0. */
export function logScale([low, high]: readonly [number, number], paper: readonly [number, number]): Scale {
  const straight = linearScale([Math.log(low), Math.log(high)], paper);
  return (value) => straight(Math.log(value));
}

/** Positions to a tenth of a pixel: more says nothing, and makes a page heavy. */
function round(position: number): number {
  return Math.round(position * 10) / 10;
}

const STEPS = [1, 2, 2.5, 5, 10];

/** Round values from `low` to `high`, about so many. */
export function ticks([low, high]: readonly [number, number], about: number): readonly number[] {
  const raw = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * (STEPS.find((one) => one * power >= raw) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
