import { queryOptions } from '@tanstack/react-query';
import type { MixBody, SegmentsBody, StandingBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';

/** Where every segment stands in its life. */
export const standingQuery = queryOptions({
  queryKey: ['segments', 'standing'],
  queryFn: ({ signal }) => ask<StandingBody>('/api/v1/segments/standing', { signal }),
});

/** The mix inside every firmographic band. */
export const mixQuery = queryOptions({
  queryKey: ['segments', 'mix'],
  queryFn: ({ signal }) => ask<MixBody>('/api/v1/segments/mix', { signal }),
});

/** Every segment with who is in it. */
export const segmentsQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: ({ signal }) => ask<SegmentsBody>('/api/v1/segments', { signal }),
});
