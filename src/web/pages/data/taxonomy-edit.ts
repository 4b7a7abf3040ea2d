import { isMap, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import { within } from './text-part.ts';

/** Where an event may be put: an area of the product by its name, activity that proves nothing, or nothing at all. */
export type EventPlace = { readonly area: string } | 'proxies' | 'ignore';

/**
 * The text of a model with an event put into a place of its taxonomy; comments and order stay. An area that is not there yet
 * is made. Null: the text is no YAML as it stands, or its taxonomy is written in another way.
 */
export function withEvent(text: string, event: string, place: EventPlace): string | null {
  const document = parseDocument(text);
  if (document.errors.length > 0) return null;
  const path = typeof place === 'string' ? ['taxonomy', place] : ['taxonomy', 'features', place.area, 'events'];
  const found = document.getIn(path, true);
  if (isSeq(found)) {
    if (!(found as YAMLSeq).toJSON().includes(event)) found.add(document.createNode(event));
    return written(document, text);
  }
  if (found !== undefined) return null;
  const above = document.getIn(['taxonomy'], true);
  if (above !== undefined && !isMap(above)) return null;
  const list = document.createNode([event]);
  list.flow = true;
  document.setIn(path, list);
  return written(document, text);
}

const written = (document: ReturnType<typeof parseDocument>, text: string): string =>
  within(text, document.toString({ lineWidth: 0 }), 'taxonomy');
