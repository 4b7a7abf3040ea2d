/** A number with as many digits as people read. */
export function writeNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** A fraction as whole percent. */
export function writePercent(share: number): string {
  return `${Math.round(100 * share)}%`;
}

/** The day of an instant. */
export function writeDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
