import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const data = process.env['BELLWETHER_DATA'];
if (data === undefined) process.stderr.write('not run: telco references, because BELLWETHER_DATA is not set\n');

/** The folder with telco churn and what R computed from it; null where BELLWETHER_DATA names none. */
export const TELCO_FOLDER: string | null =
  data !== undefined && existsSync(join(data, 'telco')) ? join(data, 'telco') : null;

/** The rows by column name; the file has no quotes. */
export function telcoRows(): readonly Readonly<Record<string, string>>[] {
  const text = readFileSync(join(TELCO_FOLDER ?? '', 'Telco-Customer-Churn.csv'), 'utf8');
  const [header, ...lines] = text.trim().split(/\r?\n/);
  const names = (header ?? '').split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    return Object.fromEntries(names.map((name, place) => [name, fields[place] ?? '']));
  });
}

/** The title of a test on telco, which says so where it is not run. */
export function telcoTitle(title: string): string {
  return TELCO_FOLDER === null
    ? `telco: ${title} (not run: BELLWETHER_DATA names no folder with telco)`
    : `telco: ${title}`;
}

/** What R computed from telco. */
export function telcoReference() {
  return JSON.parse(readFileSync(join(TELCO_FOLDER ?? '', 'REFERENCE_telco_R.json'), 'utf8'));
}
