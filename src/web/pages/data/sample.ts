/** The first rows of a file as text: the names of its columns, and what stands in them. */
export interface Sample {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

const SAMPLE_BYTES = 65_536;
const MOST_ROWS = 5;

/** Looks into the beginning of a file; null: its kind is not read in the browser, the server reads it all the same. */
export async function sampleOf(file: File): Promise<Sample | null> {
  if (/\.parquet$/i.test(file.name)) return null;
  const text = await file.slice(0, SAMPLE_BYTES).text();
  const isWhole = file.size <= SAMPLE_BYTES;
  return text.trimStart().startsWith('{') ? sampleOfLines(text, isWhole) : sampleOfCsv(text, isWhole);
}

function sampleOfLines(text: string, isWhole: boolean): Sample | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const whole = isWhole ? lines : lines.slice(0, -1);
  const rows = whole.slice(0, MOST_ROWS).flatMap((line) => {
    try {
      const entries = Object.entries(JSON.parse(line) as Record<string, unknown>);
      return [Object.fromEntries(entries.map(([name, value]): [string, string] => [name, textOfValue(value)]))];
    } catch {
      return [];
    }
  });
  return rows.length === 0 ? null : { columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows };
}

const textOfValue = (value: unknown): string =>
  value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

function sampleOfCsv(text: string, isWhole: boolean): Sample | null {
  const clean = text.replace(/^\uFEFF/, '');
  const delimiter = delimiterOf(clean.slice(0, clean.indexOf('\n') + 1) || clean);
  const lines = cellsOf(clean, delimiter);
  const [names, ...rest] = isWhole ? lines : lines.slice(0, -1);
  if (names === undefined) return null;
  const columns = names.map((name) => name.trim());
  const rows = rest
    .filter((cells) => cells.length === names.length)
    .slice(0, MOST_ROWS)
    .map((cells) => Object.fromEntries(columns.map((name, place): [string, string] => [name, cells[place] ?? ''])));
  return { columns: columns.filter((name) => name !== ''), rows };
}

function delimiterOf(head: string): string {
  const counts = [',', ';', '\t', '|'].map((mark) => [mark, head.split(mark).length] as const);
  return counts.reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

/** Cells of CSV line by line, quotes and what stands in them taken as they are meant. */
function cellsOf(text: string, delimiter: string): readonly (readonly string[])[] {
  const lines: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at] ?? '';
    if (isQuoted) {
      if (mark !== '"') cell += mark;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (mark === '"' && cell === '') isQuoted = true;
    else if (mark === delimiter || mark === '\n') {
      lines.at(-1)?.push(cell.replace(/\r$/, ''));
      cell = '';
      if (mark === '\n') lines.push([]);
    } else cell += mark;
  }
  if (cell !== '' || lines.at(-1)?.length !== 0) lines.at(-1)?.push(cell.replace(/\r$/, ''));
  return lines.filter((cells) => cells.length > 0);
}
