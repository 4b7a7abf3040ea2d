import { z } from 'zod';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { DAY_MS, type History, type PastAccount } from './history.ts';
import { type Outcome, outcomeAfter } from './outcome.ts';

/** One account at one calendar landmark: who it was then, and what happened after. */
export interface PanelRow {
  /** Position in the columns of the panel. */
  readonly index: number;
  readonly accountId: string;
  /** Whole number from 0 for the account: rows of one account are clustered. */
  readonly cluster: number;
  readonly landmarkMs: number;
  readonly isEligible: boolean | null;
  /** The rules' own answers at the landmark. */
  readonly home: string | null;
  readonly raw: string | null;
  readonly account: PastAccount | null;
  /** Null for who is no customer in force then, or where nothing is known after. */
  readonly outcome: Outcome | null;
}

/** Every account at every calendar landmark, with all its signals as of it. Columns are in the order of `rows`. */
export interface Panel {
  readonly landmarks: readonly number[];
  readonly rows: readonly PanelRow[];
  /** Values of a number or of a yes/no signal; NaN where it is null. Throws for a name that the panel does not hold. */
  readonly numbers: (name: string) => Float64Array;
  /** Values of a text signal, class or band. Throws for a name that the panel does not hold. */
  readonly texts: (name: string) => readonly (string | null)[];
}

/** Tables of a panel, and the columns of it to read. */
export interface PanelSource {
  /** (as_of milliseconds, account_id, ...signals and classes). */
  readonly profiles: string;
  /** (model_version, as_of, account_id, home, raw). */
  readonly answers: string;
  readonly modelVersion: string;
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
}

const keySchema = z.object({
  as_of: z.coerce.number(),
  account_id: z.string(),
  eligible: z.coerce.number().nullable(),
  home: z.string().nullable(),
  raw: z.string().nullable(),
});

/** Landmarks every so many weeks from the first midnight at which `windowDays` are covered to the last before the end. */
export function calendarLandmarks(
  fromMs: number,
  throughMs: number,
  options: { readonly everyDays: number; readonly windowDays: number },
): readonly number[] {
  const every = options.everyDays * DAY_MS;
  const last = Math.floor(throughMs / DAY_MS) * DAY_MS;
  const first = Math.ceil(fromMs / DAY_MS) * DAY_MS + options.windowDays * DAY_MS;
  const count = Math.floor((last - first) / every) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => last - (count - 1 - index) * every);
}

/** The panel of a company that has not been tracked for long enough to have a landmark: no rows of any of these columns. */
export function emptyPanel({ numbers, texts }: Pick<PanelSource, 'numbers' | 'texts'>): Panel {
  const floats = new Map(numbers.map((name) => [name, new Float64Array()]));
  const words = new Map(texts.map((name): [string, readonly string[]] => [name, []]));
  return { landmarks: [], rows: [], numbers: (name) => found(floats, name), texts: (name) => found(words, name) };
}

/** Reads a panel, by landmark and account, and looks up what happened after each row. */
export async function readPanel(warehouse: Warehouse, source: PanelSource, history: History): Promise<Panel> {
  const order = 'ORDER BY as_of, account_id';
  const keys = await warehouse.rows(
    `SELECT p.as_of AS as_of, p.account_id AS account_id, p.eligible AS eligible, a.home AS home, a.raw AS raw
    FROM (SELECT as_of, account_id, eligible FROM ${source.profiles}) AS p
    LEFT JOIN (SELECT toUnixTimestamp64Milli(as_of) AS at, account_id, home, raw FROM ${source.answers} AS x
      WHERE model_version = {version: String}) AS a ON a.at = p.as_of AND a.account_id = p.account_id
    ${order}`,
    keySchema,
    { parameters: { version: source.modelVersion } },
  );
  const numbers = await readColumns(
    warehouse,
    source,
    order,
    source.numbers,
    numberColumn,
    z.array(z.number().nullable()),
  );
  const texts = await readColumns(warehouse, source, order, source.texts, textColumn, z.array(z.string()));
  const floats = new Map(
    [...numbers].map(([name, values]) => [name, Float64Array.from(values, (v) => v ?? Number.NaN)]),
  );
  const words = new Map([...texts].map(([name, values]) => [name, values.map((v) => (v === '' ? null : v))]));
  const accounts = new Map(history.accounts.map((account) => [account.accountId, account]));
  const clusters = new Map<string, number>();
  const rows = keys.map((key, index): PanelRow => {
    const account = accounts.get(key.account_id) ?? null;
    const cluster = clusters.get(key.account_id) ?? clusters.size;
    clusters.set(key.account_id, cluster);
    return {
      index,
      accountId: key.account_id,
      cluster,
      landmarkMs: key.as_of,
      isEligible: key.eligible === null ? null : key.eligible === 1,
      home: key.home,
      raw: key.raw,
      account,
      outcome: account === null ? null : outcomeAfter(history, account, key.as_of),
    };
  });
  return {
    landmarks: [...new Set(keys.map((key) => key.as_of))],
    rows,
    numbers: (name) => found(floats, name),
    texts: (name) => found(words, name),
  };
}

/**
 * The landmarks of a panel that lie every so many days before its last one: the panel that would have been read there
 * alone, where the days divide evenly into those of this one.
 */
export function thinPanel(panel: Panel, everyDays: number): Panel {
  const last = panel.landmarks.at(-1) ?? 0;
  const isKept = (landmarkMs: number): boolean => (last - landmarkMs) % (everyDays * DAY_MS) === 0;
  const kept = panel.rows.filter(({ landmarkMs }) => isKept(landmarkMs));
  const clusters = new Map<number, number>();
  const rows = kept.map((row, index): PanelRow => {
    const cluster = clusters.get(row.cluster) ?? clusters.size;
    clusters.set(row.cluster, cluster);
    return { ...row, index, cluster };
  });
  const numbers = new Map<string, Float64Array>();
  const texts = new Map<string, readonly (string | null)[]>();
  return {
    landmarks: panel.landmarks.filter(isKept),
    rows,
    numbers: (name) =>
      keptOnce(numbers, name, () => {
        const values = panel.numbers(name);
        return Float64Array.from(kept, ({ index }) => values[index] ?? Number.NaN);
      }),
    texts: (name) =>
      keptOnce(texts, name, () => {
        const values = panel.texts(name);
        return kept.map(({ index }) => values[index] ?? null);
      }),
  };
}

function keptOnce<Values>(columns: Map<string, Values>, name: string, pick: () => Values): Values {
  const known = columns.get(name) ?? pick();
  columns.set(name, known);
  return known;
}

function found<Values>(columns: ReadonlyMap<string, Values>, name: string): Values {
  const values = columns.get(name);
  if (values === undefined) throw new Error(`the panel holds no column ${name}`);
  return values;
}

const COLUMNS_AT_ONCE = 20;

const numberColumn = (name: string): string => `groupArray(ifNull(toFloat64(\`${name}\`), nan))`;
const textColumn = (name: string): string => `groupArray(ifNull(toString(\`${name}\`), ''))`;

/** One thread: the order of the rows is that of every column. */
async function readColumns<Values>(
  warehouse: Warehouse,
  { profiles }: PanelSource,
  order: string,
  names: readonly string[],
  sqlOf: (name: string) => string,
  schema: z.ZodType<Values>,
): Promise<ReadonlyMap<string, Values>> {
  const columns = new Map<string, Values>();
  for (let start = 0; start < names.length; start += COLUMNS_AT_ONCE) {
    const some = names.slice(start, start + COLUMNS_AT_ONCE);
    const listed = some.map((name, index) => `${sqlOf(name)} AS c${index}`).join(', ');
    const inner = `SELECT ${some.map((name) => `\`${name}\``).join(', ')} FROM ${profiles} ${order}`;
    const [row] = await warehouse.rows(`SELECT ${listed} FROM (${inner})`, z.record(z.string(), schema), {
      settings: { max_threads: 1 },
    });
    for (const [index, name] of some.entries()) {
      const values = row?.[`c${index}`];
      if (values !== undefined) columns.set(name, values);
    }
  }
  return columns;
}
