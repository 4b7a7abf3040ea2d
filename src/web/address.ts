/** What stands behind the `?` of an address: text, or several texts of one name. */
export type Search = Readonly<Record<string, string | readonly string[]>>;

/** Reads what stands behind the `?`; a name that stands there twice has several texts. */
export function readSearch(text: string): Search {
  const found: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text.replace(/^\?/, ''))) {
    const before = found[name];
    if (before === undefined) found[name] = value;
    else found[name] = typeof before === 'string' ? [before, value] : [...before, value];
  }
  return found;
}

/** Writes it again, so that people can read it; what is empty is left out. */
export function writeSearch(search: Readonly<Record<string, unknown>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each === 'string' || typeof each === 'number') params.append(name, String(each));
    }
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** The texts of a name; none where it is absent. */
export function textsOf(search: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const value = search[name];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

/** The one text of a name; undefined where it is absent or empty. */
export function textOf(search: Readonly<Record<string, unknown>>, name: string): string | undefined {
  return textsOf(search, name).find((text) => text !== '');
}
