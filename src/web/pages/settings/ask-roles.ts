import { queryOptions } from '@tanstack/react-query';
import type { RolesBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';

/** What each role may do. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => ask<RolesBody>('/api/v1/roles', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
