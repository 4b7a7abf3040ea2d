import { Progress } from '@mantine/core';
import { type QueryCache, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import type { ReadinessBody } from '../../api/contract.ts';
import { Refusal } from '../ask.ts';
import { wholeText } from '../format.ts';
import styles from './shell.module.css';

const LOOK_MILLIS = 1_000;

/** Whether something that is shown was asked for before there are answers. */
function isHeldUp(cache: QueryCache): boolean {
  return cache.getAll().some((query) => {
    const { fetchFailureReason } = query.state;
    return fetchFailureReason instanceof Refusal && fetchFailureReason.isNotReady && query.getObserversCount() > 0;
  });
}

/** How the service stands; told also while it is not ready. */
async function readReadiness(signal: AbortSignal): Promise<ReadinessBody> {
  const response = await fetch('/readyz', { signal });
  return (await response.json()) as ReadinessBody;
}

/** While nothing has been computed since the service began: that it is being done, how far it is, and what keeps it. */
export function FirstAnswers() {
  const cache = useQueryClient().getQueryCache();
  const isWaiting = useSyncExternalStore(
    useCallback((tell: () => void) => cache.subscribe(tell), [cache]),
    () => isHeldUp(cache),
  );
  const { data } = useQuery({
    queryKey: ['readiness'],
    queryFn: ({ signal }) => readReadiness(signal),
    enabled: isWaiting,
    refetchInterval: LOOK_MILLIS,
    staleTime: 0,
  });
  return isWaiting ? <Notice readiness={data} /> : null;
}

function Notice({ readiness }: { readonly readiness: ReadinessBody | undefined }) {
  const progress = readiness?.progress ?? null;
  const isKept = readiness?.status === 'unready' || readiness?.status === 'draining';
  return (
    <section className={styles['notice']} aria-label="No answers yet">
      <p role="status" style={{ fontWeight: 500 }}>
        {isKept ? 'Bellwether cannot answer now.' : 'The first answers are being computed.'}
      </p>
      <p className="muted">
        {isKept
          ? `${readiness.reasons.join('; ')}. What was sent is kept.`
          : 'Bellwether has just begun, and goes through every account once before it says anything of them.'}
      </p>
      {!isKept && progress !== null && progress.all > 0 && (
        <>
          <Progress value={(100 * progress.done) / progress.all} size="sm" aria-label="Days that are done" />
          <p className="muted small">
            {wholeText(progress.done)} of {wholeText(progress.all)} days are done; then comes today.
          </p>
        </>
      )}
      <p className="muted">This page fills by itself. You need not load it again.</p>
    </section>
  );
}
