import type { Place } from '../model/diagnostic.ts';
import type { Mark } from './condition.ts';

/** The marks of a text that stands in its file as it is, from one place on; line breaks begin at column 1. */
export function marksFrom(text: string, place: Place): readonly Mark[] {
  const line = place.line ?? 1;
  const marks: Mark[] = [{ offset: 0, line, column: place.column ?? 1 }];
  let breaks = 0;
  for (let offset = text.indexOf('\n'); offset >= 0; offset = text.indexOf('\n', offset + 1)) {
    breaks += 1;
    marks.push({ offset: offset + 1, line: line + breaks, column: 1 });
  }
  return marks;
}

/** The place of one character of a condition's text. A place without a line stays without one. */
export function placeAt(place: Place, marks: readonly Mark[], offset: number): Place {
  if (place.line === undefined) return place;
  const mark = marks.findLast((candidate) => candidate.offset <= offset);
  if (mark === undefined) return place;
  return { ...place, line: mark.line, column: mark.column + offset - mark.offset };
}
