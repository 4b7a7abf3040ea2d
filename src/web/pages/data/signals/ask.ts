import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import type { DraftSpreadBody, SpreadBody } from '../../../../api/contract.ts';
import { ask } from '../../../ask.ts';

/** How everything in force spreads. */
export const spreadQuery = queryOptions({
  queryKey: ['model', 'spread'],
  queryFn: ({ signal }) => ask<SpreadBody>('/api/v1/signals/spread', { signal }),
  staleTime: 300_000,
});

const QUIET_MILLIS = 300;
/** What takes seconds is asked for once nobody has typed for this long. */
const STILL_MILLIS = 1_200;

type Names = Readonly<Record<string, string>>;

const draftQuery = (base: string, text: string, measure: boolean, renamed: Names) =>
  queryOptions({
    queryKey: ['model', 'spread of draft', base, text, measure, renamed],
    queryFn: ({ signal }) =>
      ask<DraftSpreadBody>('/api/v1/signals/spread/preview', {
        method: 'POST',
        body: { text, measure, renamed },
        signal,
      }),
    staleTime: 300_000,
    placeholderData: keepPreviousData,
  });

/**
 * How a draft spreads otherwise, a moment after it was last touched: first what is measured at once, then, where the draft
 * changes what all signals rest on, all of them. `renamed`: names of the draft, with those that are in force.
 */
export function useDraftSpread(base: string, text: string, renamed: Names) {
  const [quiet] = useDebouncedValue(text, QUIET_MILLIS);
  const [still] = useDebouncedValue(text, STILL_MILLIS);
  const quick = useQuery(draftQuery(base, quiet, false, renamed));
  const needsMore = quick.data?.spread != null && quick.data.spread.unmeasured.length > 0 && !quick.isPlaceholderData;
  const whole = useQuery({ ...draftQuery(base, still, true, renamed), enabled: needsMore && still === quiet });
  const isWhole = needsMore && still === quiet && whole.data?.spread != null && !whole.isPlaceholderData;
  return {
    diagnostics: quick.data?.diagnostics ?? [],
    spread: (isWhole ? whole.data?.spread : quick.data?.spread) ?? null,
    /** Whether what is shown is of the text as it stands. */
    isSettled: quiet === text && !quick.isPlaceholderData && !quick.isFetching,
    isMeasuring: needsMore && !isWhole,
    error: quick.error ?? whole.error,
  };
}
