import { wholeText } from '../../format.ts';

/** A number of a signal or a ratio: whole from a hundred on, else with two digits that matter. */
export function numberText(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return wholeText(value);
  return Number(value.toPrecision(2)).toString();
}
