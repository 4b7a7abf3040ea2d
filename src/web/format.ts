const THIN_SPACE = '\u2009';
const MINUS = '\u2212';

/** A whole number with thin spaces: 12 345. */
export function wholeText(value: number): string {
  const digits = Math.abs(Math.round(value)).toString();
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  return value < 0 && digits !== '0' ? `${MINUS}${grouped}` : grouped;
}

const STEPS = [
  { from: 999_950_000, by: 1e9, unit: 'B' },
  { from: 999_950, by: 1e6, unit: 'M' },
  { from: 1_000, by: 1e3, unit: 'k' },
] as const;

const SIGNS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥' };

/** Money in few digits, $1.24M; the exact figure belongs beside it (`exactMoneyText`). */
export function moneyText(value: number, currency: string): string {
  const sign = SIGNS[currency] ?? `${currency} `;
  const size = Math.abs(value);
  const step = STEPS.find(({ from }) => size >= from);
  const scaled = step === undefined ? size : size / step.by;
  const digits = step === undefined || scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2;
  return `${value < 0 ? MINUS : ''}${sign}${scaled.toFixed(digits)}${step?.unit ?? ''}`;
}

/** Money to the unit: $1 240 350. */
export function exactMoneyText(value: number, currency: string): string {
  return `${value < 0 ? MINUS : ''}${SIGNS[currency] ?? `${currency} `}${wholeText(Math.abs(value))}`;
}

/** A fraction as a percentage without decimals; `<1%` and `>99%` where rounding would say none or all. */
export function shareText(value: number): string {
  if (value > 0 && value < 0.005) return '<1%';
  if (value < 1 && value > 0.995) return '>99%';
  return `${(100 * value).toFixed(0)}%`;
}

/** An interval of fractions: 72% to 81%. */
export function intervalText([low, high]: readonly [number, number]): string {
  return `${shareText(low)} to ${shareText(high)}`;
}

/** A change with sign and arrow: ↑ 12, ↓ 3, no change. */
export function changeText(value: number, text: (size: number) => string = wholeText): string {
  if (value === 0) return 'no change';
  return `${value > 0 ? '↑' : '↓'}${THIN_SPACE}${text(Math.abs(value))}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day in UTC: 21 Nov 2026. Takes ISO text, of an instant or of a day. */
export function dayText(iso: string): string {
  const day = new Date(iso);
  return `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]} ${day.getUTCFullYear()}`;
}

/** An instant to the minute, in UTC: 21 Nov 2026, 14:05. */
export function instantText(iso: string): string {
  const at = new Date(iso);
  const clock = [at.getUTCHours(), at.getUTCMinutes()].map((part) => part.toString().padStart(2, '0')).join(':');
  return `${dayText(iso)}, ${clock}`;
}

const UNITS = [
  { name: 'day', seconds: 86_400 },
  { name: 'hour', seconds: 3_600 },
  { name: 'minute', seconds: 60 },
] as const;

/** How long ago an instant is: just now, 5 minutes ago, 3 days ago; in 2 hours where it is to come. */
export function agoText(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  const unit = UNITS.find((candidate) => Math.abs(seconds) >= candidate.seconds);
  if (unit === undefined) return 'just now';
  const count = Math.floor(Math.abs(seconds) / unit.seconds);
  const words = `${count} ${unit.name}${count === 1 ? '' : 's'}`;
  return seconds < 0 ? `in ${words}` : `${words} ago`;
}

/** A word of code as people read it: `at_risk` is at risk. */
export function wordText(code: string): string {
  return code.replaceAll('_', ' ');
}

/** A number of bytes in few digits: 12 MB. */
export function bytesText(bytes: number): string {
  const step = [1e9, 1e6, 1e3].find((size) => bytes >= size);
  if (step === undefined) return `${bytes} B`;
  const scaled = bytes / step;
  return `${scaled >= 10 ? scaled.toFixed(0) : scaled.toFixed(1)}${THIN_SPACE}${step === 1e9 ? 'GB' : step === 1e6 ? 'MB' : 'kB'}`;
}
