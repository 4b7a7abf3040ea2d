import { queryOptions, useQuery } from '@tanstack/react-query';
import type { SignedInBody } from '../../api/contract.ts';
import { ask } from '../ask.ts';

/** Who is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => ask<SignedInBody>('/api/v1/session', { signal }),
  staleTime: 60_000,
  retry: false,
});

/** Whether whoever is signed in may do something of the table of access; false until it is known. */
export function useMay(action: string): boolean {
  const { data } = useQuery(sessionQuery);
  return data?.may.includes(action) === true;
}
