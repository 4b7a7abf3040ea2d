import { textBytes } from './byte-stream.ts';
import { type Batch, type FactFile, type FileColumn, quote } from './fact-file.ts';

const BATCH_BYTES = 32_000_000;
const SAMPLE_LINES = 2_000;
const LF = 0x0a;
const DEPTH = 4;

/**
 * A file of one JSON object per line. A dotted name means a key inside an object; arrays are lists; objects that are no
 * target flatten with dots. Its columns are those of the first lines; any other name is looked up all the same.
 */
export async function openJsonl(path: string): Promise<FactFile> {
  const names = await sampleNames(path);
  return {
    path,
    columns: names.map(jsonColumn),
    column: jsonColumn,
    structure: 'raw String',
    format: 'LineAsString',
    settings: {},
    isStandIn: `trimBoth(raw, ' \\t\\r') = ''`,
    raw: 'raw',
    isBroken: `NOT (startsWith(trimLeft(raw), '{') AND isValidJSON(raw))`,
    others: (taken) => {
      const flat = flattenJson('raw');
      const own = [...taken].map(quote).join(', ');
      if (own === '') return flat;
      const prefixes = [...taken].map((name) => `startsWith(k, ${quote(`${name}.`)})`).join(' OR ');
      return `mapFilter((k, v) -> k NOT IN (${own}) AND NOT (${prefixes}), ${flat})`;
    },
    batches: (onBytes) => batches(path, onBytes),
  };
}

/**
 * SQL for `Map(String, String)` of a JSON object in text: nested objects flattened with dots, text without quotes,
 * everything else as it is written, nulls left out.
 */
export function flattenJson(sql: string): string {
  let pairs = `JSONExtractKeysAndValuesRaw(${sql})`;
  for (let depth = 1; depth < DEPTH; depth += 1) {
    pairs = `arrayFlatten(arrayMap(kv -> if(startsWith(kv.2, '{') AND kv.2 != '{}', arrayMap(inner -> (concat(kv.1, '.', inner.1), inner.2), JSONExtractKeysAndValuesRaw(kv.2)), [kv]), ${pairs}))`;
  }
  const told = `arrayFilter(kv -> kv.2 != 'null' AND kv.2 != '""', ${pairs})`;
  const texts = `arrayMap(kv -> (kv.1, if(startsWith(kv.2, '"'), JSONExtractString(kv.2), kv.2)), ${told})`;
  return `mapSort(CAST(${texts}, 'Map(String, String)'))`;
}

function jsonColumn(name: string): FileColumn {
  const own = `JSONExtract(raw, ${quote(name)}, 'String')`;
  if (!name.includes('.')) return { name, kind: 'text', sql: own };
  const path = name.split('.').map(quote).join(', ');
  return { name, kind: 'text', sql: `if(JSONHas(raw, ${quote(name)}), ${own}, JSONExtract(raw, ${path}, 'String'))` };
}

async function sampleNames(path: string): Promise<string[]> {
  const names = new Set<string>();
  let text = '';
  for await (const chunk of textBytes(path, () => undefined)) {
    text += chunk.toString('utf8');
    if (text.split('\n').length > SAMPLE_LINES || text.length > 4_000_000) break;
  }
  for (const line of text.split('\n').slice(0, SAMPLE_LINES)) {
    try {
      addNames(JSON.parse(line), '', names);
    } catch {
      // A line that is no JSON is refused when it is imported; here it only names nothing.
    }
  }
  return [...names];
}

function addNames(value: unknown, prefix: string, names: Set<string>): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    names.add(prefix + key);
    addNames(inner, `${prefix}${key}.`, names);
  }
}

async function* batches(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Batch> {
  let slices: Buffer[] = [];
  let bytes = 0;
  let firstLine = 1;
  let line = 1;
  let rows = 0;
  let rest: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  const take = (): Batch => {
    const batch = { body: slices, firstLine, rows, diverted: [] };
    slices = [];
    bytes = 0;
    rows = 0;
    firstLine = line;
    return batch;
  };
  const add = (buffer: Buffer): void => {
    for (let start = 0; start < buffer.length; ) {
      const end = buffer.indexOf(LF, start);
      const stop = end === -1 ? buffer.length : end + 1;
      if (!isBlankLine(buffer, start, stop)) rows += 1;
      line += 1;
      start = stop;
    }
    slices.push(buffer);
    bytes += buffer.length;
  };
  for await (const chunk of textBytes(path, onBytes)) {
    const buffer: Buffer<ArrayBufferLike> = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = buffer.lastIndexOf(LF) + 1;
    rest = buffer.subarray(end);
    if (end > 0) add(buffer.subarray(0, end));
    if (bytes >= BATCH_BYTES) yield take();
  }
  if (rest.length > 0) add(Buffer.concat([rest, Buffer.from('\n')]));
  yield take();
}

function isBlankLine(buffer: Buffer, start: number, stop: number): boolean {
  for (let i = start; i < stop; i += 1) {
    const byte = buffer[i];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== LF) return false;
  }
  return true;
}
