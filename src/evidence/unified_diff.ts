/** Lines of a text that are written anew: line number from 1, and what stands there instead. */
export type LineChanges = ReadonlyMap<number, readonly string[]>;

const CONTEXT = 3;

/** A unified diff of a text, as `patch -p1` takes it; empty where nothing changes. */
export function unifiedDiff(file: string, text: string, changes: LineChanges): string {
  const lines = text.split('\n');
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const changed = [...changes.keys()].sort((a, b) => a - b);
  const groups: number[][] = [];
  for (const line of changed) {
    const group = groups.at(-1);
    if (group !== undefined && line - (group.at(-1) ?? 0) <= 2 * CONTEXT) group.push(line);
    else groups.push([line]);
  }
  let grown = 0;
  const hunks = groups.map((group) => {
    const from = Math.max(1, (group[0] ?? 1) - CONTEXT);
    const to = Math.min(last, (group.at(-1) ?? 1) + CONTEXT);
    const body: string[] = [];
    let added = 0;
    for (let line = from; line <= to; line += 1) {
      const text = lines[line - 1] ?? '';
      const next = changes.get(line);
      if (next === undefined) body.push(` ${text}`);
      else {
        body.push(`-${text}`, ...next.map((each) => `+${each}`));
        added += next.length - 1;
      }
    }
    const head = `@@ -${from},${to - from + 1} +${from + grown},${to - from + 1 + added} @@`;
    grown += added;
    return [head, ...body].join('\n');
  });
  return hunks.length === 0 ? '' : [`--- a/${file}`, `+++ b/${file}`, ...hunks, ''].join('\n');
}
