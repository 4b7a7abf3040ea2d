import { dayText, wholeText, wordText } from '../../format.ts';

const FEW = 100;

/** A value of a rule as people read it; null: unknown. */
export function valueText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((each) => wordText(String(each))).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return numberText(value);
  const text = String(value);
  return /^\d{4}-\d\d-\d\d/.test(text) ? dayText(text) : wordText(text);
}

/** A measure to two places, a large one whole. */
export function numberText(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= FEW) return wholeText(value);
  return value
    .toFixed(2)
    .replace(/\.?0+$/, '')
    .replace('-', '\u2212');
}
