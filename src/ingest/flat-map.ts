/** Levels of nesting that are flattened; what lies deeper stays JSON. */
const DEPTH = 4;

/**
 * Properties and traits as the fact tables keep them: nested objects flattened with dots, text without quotes, everything
 * else as JSON writes it, nulls and empty text left out. The same rule as for JSON lines in files.
 */
export function flattenValues(object: Readonly<Record<string, unknown>>): Record<string, string> {
  // A map: a name such as __proto__ is a name like any other.
  const flat = new Map<string, string>();
  const add = (name: string, value: unknown, depth: number): void => {
    if (value === null || value === undefined || value === '') return;
    const prefix = wellFormed(name);
    if (typeof value === 'string') {
      flat.set(prefix, wellFormed(value));
    } else if (isRecord(value) && depth < DEPTH && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) add(`${prefix}.${key}`, inner, depth + 1);
    } else {
      flat.set(prefix, wellFormed(JSON.stringify(value)));
    }
  };
  for (const [key, value] of Object.entries(object)) add(key, value, 1);
  return Object.fromEntries(flat);
}

/** Whether a value is an object of JSON: neither null nor an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text in which halves of characters are replaced, as UTF-8 demands. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
