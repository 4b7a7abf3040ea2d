import type { Source } from '../../src/definition/model.ts';

/** A source with every default, as the model parser would make it. */
export function source(given: Pick<Source, 'name' | 'table' | 'path'> & Partial<Source>): Source {
  return {
    format: null,
    delimiter: null,
    columns: {},
    timeFormat: null,
    timezone: 'UTC',
    where: null,
    endsInclusive: false,
    isContinued: false,
    coversFrom: null,
    completeThrough: null,
    place: { file: 'bellwether.yaml', line: 1, column: 1 },
    ...given,
  };
}
