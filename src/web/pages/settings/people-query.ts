import { queryOptions } from '@tanstack/react-query';
import type { PeopleBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';

/** Everybody who signs in. */
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => ask<PeopleBody>('/api/v1/people', { signal }),
});
