import type { Path } from '../document.ts';
import type { Class } from '../model.ts';
import type { Reader } from '../reader.ts';
import { named } from '../reader.ts';
import type { RawClasses } from '../schema.ts';

/** The word that takes all that is left. */
const OTHERWISE = 'otherwise';

/** Whether a condition's text means "all the rest". */
export function isOtherwise(text: string | null | undefined): boolean {
  return text == null || text.trim().toLowerCase() === OTHERWISE;
}

/** Classes in their order, from a list of {name, when} or an ordered map; one whose condition cannot be read is left out. */
export function readClasses(raw: RawClasses, path: Path, reader: Reader): readonly Class[] {
  const items = named<string | { when?: string | null | undefined }>(raw, path, reader);
  return items.flatMap(({ name, value, path: here }): Class[] => {
    const isMapped = typeof value === 'string';
    const text = isMapped ? value : value.when;
    const place = reader.place(here);
    if (text == null || isOtherwise(text)) return [{ name, when: null, place }];
    const when = reader.condition(isMapped ? here : [...here, 'when'], text);
    return when === null ? [] : [{ name, when, place }];
  });
}
