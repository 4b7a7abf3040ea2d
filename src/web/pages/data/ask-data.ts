import { queryOptions } from '@tanstack/react-query';
import type { KnownBody, TablesBody, TaxonomyBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';

/** How every input stands, and what could not be used. */
export const knownQuery = queryOptions({
  queryKey: ['data', 'known'],
  queryFn: ({ signal }) => ask<KnownBody>('/api/v1/data', { signal }),
  staleTime: 60_000,
});

/** What files may hold. */
export const tablesQuery = queryOptions({
  queryKey: ['data', 'tables'],
  queryFn: ({ signal }) => ask<TablesBody>('/api/v1/data/tables', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What the model makes of events. */
export const taxonomyQuery = queryOptions({
  queryKey: ['data', 'taxonomy'],
  queryFn: ({ signal }) => ask<TaxonomyBody>('/api/v1/taxonomy', { signal }),
  staleTime: 60_000,
});
