import { textOf } from '../../address.ts';

/** What the address of the page says: the day from which to look back. */
export interface EvidenceSearch {
  readonly asOf?: string;
}

/** Reads the address; what it does not know is left out. */
export function readEvidenceSearch(search: Record<string, unknown>): EvidenceSearch {
  const asOf = textOf(search, 'asOf');
  return asOf === undefined ? {} : { asOf };
}
