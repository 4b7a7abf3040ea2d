import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { AccountItem, TrendsBody } from '../../../api/contract.ts';
import { writeSearch } from '../../address.ts';
import { ask, Refusal } from '../../ask.ts';
import { useIsMoving } from '../../parts/list-row.tsx';
import { Sparkline, trendText } from '../../parts/sparkline.tsx';

/** Rows whose trends are asked for together. */
const BLOCK = 25;
const STALE_MILLIS = 3_600_000;
const TOO_MANY = 429;

interface Trends {
  readonly blockOf: ReadonlyMap<string, readonly string[]>;
  readonly asOf: string | null;
}

const Blocks = createContext<Trends>({ blockOf: new Map(), asOf: null });

/** Tells the trend cells below it which accounts are asked about together; of the last midnight, so that answers keep. */
export function TrendBlocks({
  rows,
  asOf,
  children,
}: {
  readonly rows: readonly AccountItem[];
  readonly asOf: string | null;
  readonly children: ReactNode;
}) {
  const trends = useMemo((): Trends => {
    const ids = rows.map(({ accountId }) => accountId);
    const blockOf = new Map(
      ids.map((id, index) => [id, ids.slice(index - (index % BLOCK), index - (index % BLOCK) + BLOCK)] as const),
    );
    return { blockOf, asOf: asOf?.slice(0, 10) ?? null };
  }, [rows, asOf]);
  return <Blocks value={trends}>{children}</Blocks>;
}

/** Active users of one account over 90 days beside what was usual for it before; asked for once the list rests. */
export function TrendCell({ accountId }: { readonly accountId: string }) {
  const { blockOf, asOf } = useContext(Blocks);
  const isMoving = useIsMoving();
  const account = blockOf.get(accountId) ?? [];
  const { data } = useQuery({
    queryKey: ['trends', asOf, account],
    queryFn: ({ signal }) => ask<TrendsBody>(`/api/v1/trends${writeSearch({ account, asOf })}`, { signal }),
    enabled: !isMoving && asOf !== null && account.length > 0,
    staleTime: STALE_MILLIS,
    retry: (failures, error) => error instanceof Refusal && error.status === TOO_MANY && failures < 5,
  });
  const trend = data?.trends.find((each) => each.accountId === accountId);
  if (trend === undefined) return <span aria-hidden style={{ display: 'block', height: 24 }} />;
  return <Sparkline {...trend} label={trendText('Active users a week', trend.values, trend.usual)} />;
}
