import { isMap, isScalar, parseDocument } from 'yaml';

/** A text with one part as another text has it: writing the whole anew would touch the spacing of every other part. */
export function within(text: string, next: string, part: string): string {
  const [here, there] = [rangeOf(text, part), rangeOf(next, part)];
  if (here === null || there === null) return next;
  return text.slice(0, here[0]) + next.slice(there[0], there[1]) + text.slice(here[1]);
}

function rangeOf(text: string, part: string): readonly [number, number] | null {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) return null;
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === part);
  if (pair === undefined || !isScalar(pair.key) || !isMap(pair.value)) return null;
  const [from, to] = [pair.key.range?.[0], pair.value.range?.[1]];
  return from === undefined || to === undefined ? null : [from, to];
}
