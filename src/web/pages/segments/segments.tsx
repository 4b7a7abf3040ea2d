import { Button, Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ask } from '../../ask.ts';
import { wholeText } from '../../format.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { PageLink } from '../../parts/page-link.tsx';

import { SegmentCard } from './card.tsx';
import { MixChart } from './mix-chart.tsx';
import { mixQuery, segmentsQuery, standingQuery } from './queries.ts';
import styles from './segments.module.css';

const GHOSTS = 5;

/** Question: which segments are there, do they tell accounts apart, and can each be worked? */
export function SegmentsPage() {
  const segments = useQuery(segmentsQuery);
  const standing = useQuery(standingQuery);
  const mix = useQuery(mixQuery);
  const navigate = useNavigate();
  const all = segments.data?.segments;
  const currency = mix.data?.currency;
  const failure = segments.error ?? standing.error ?? mix.error;
  if (failure !== null) throw failure;
  const isAsked = standing.data?.segments.some(({ evidence }) => evidence !== null) ?? true;
  return (
    <>
      <PageHead title="Segments" asOf={mix.data?.asOf ?? null}>
        {all === undefined
          ? '…'
          : `${wholeText(all.reduce((sum, { accounts }) => sum + accounts, 0))} accounts in ${wholeText(all.length)} segments`}
      </PageHead>
      <p style={{ marginBottom: 'var(--bw-space-4)' }}>
        <PageLink to="/model">Change the rules</PageLink>
      </p>
      {!isAsked && <AskEvidence />}
      <div className={styles['cards']}>
        {all === undefined || currency === undefined
          ? Array.from({ length: GHOSTS }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
              <Skeleton key={index} height={292} radius="lg" />
            ))
          : all.map((segment) => (
              <SegmentCard
                key={segment.name}
                segment={segment}
                standing={standing.data?.segments.find((each) => each.segment === segment.name)}
                currency={currency}
              />
            ))}
      </div>
      <section className={styles['section']} aria-label="Who is inside each band">
        {mix.data === undefined ? (
          <Skeleton height={260} radius="lg" />
        ) : (
          <MixChart
            mix={mix.data}
            onPick={(band, value, cohort) => {
              const of = value === null ? '' : `&filter=${encodeURIComponent(`${band}:${value}`)}`;
              void navigate({
                href: `/accounts?cohort=${encodeURIComponent(cohort === 'unknown' ? '' : (cohort ?? ''))}${of}`,
              });
            }}
          />
        )}
      </section>
    </>
  );
}

const AGAIN_MILLIS = 3_000;

/** Has the evidence computed where nobody asked yet, and looks again until it is there. */
function AskEvidence() {
  const queries = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  useQuery({
    queryKey: ['evidence', 'segments', 'coming'],
    enabled: isAsked,
    refetchInterval: AGAIN_MILLIS,
    queryFn: async ({ signal }) => {
      const said = await ask<object>('/api/v1/evidence/segments', { signal });
      await queries.invalidateQueries({ queryKey: standingQuery.queryKey });
      return said;
    },
  });
  return (
    <p style={{ marginBottom: 'var(--bw-space-4)' }}>
      Nobody has asked yet whether members of these segments stay and expand differently.{' '}
      <Button variant="default" size="compact-sm" loading={isAsked} onClick={() => setIsAsked(true)}>
        Ask the evidence
      </Button>{' '}
      <span className="muted small">It takes a minute or two, beside everything else.</span>
    </p>
  );
}
