import { useQuery } from '@tanstack/react-query';
import type { RetentionBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';
import { dayText } from '../../format.ts';
import { Erasure } from './erasure.tsx';
import { Receipts } from './receipts.tsx';
import { Part, SettingsSection } from './section.tsx';
import styles from './settings.module.css';

/** Question: how long is what kept, and how does a person leave? */
export function PrivacySection() {
  const { data } = useQuery({
    queryKey: ['retention'],
    queryFn: ({ signal }) => ask<RetentionBody>('/api/v1/retention', { signal }),
  });
  return (
    <SettingsSection
      title="Retention and erasure"
      needs="erasure.manage"
      lead="How long raw rows are kept, and how everything that is held of one person is removed from both databases."
    >
      <Part title="What is kept">
        <dl className={styles['facts']}>
          <div>
            <dt>Raw events</dt>
            <dd>{data === undefined ? '…' : eventsText(data)}</dd>
          </div>
          <div>
            <dt>Refused rows</dt>
            <dd>
              {data === undefined ? '…' : data.quarantineDays === null ? 'for ever' : `${data.quarantineDays} days`}
            </dd>
          </div>
          <div>
            <dt>What was said and decided</dt>
            <dd>for ever</dd>
          </div>
        </dl>
        <p className={styles['lead']}>
          Whoever runs Bellwether sets it with <code>BELLWETHER_EVENTS_MONTHS</code> and{' '}
          <code>BELLWETHER_QUARANTINE_DAYS</code>; rows that are too old go at midnight. A signal that looks further
          back then says that it is not covered, and never that nothing happened.
        </p>
      </Part>
      <Erasure />
      <Receipts />
    </SettingsSection>
  );
}

function eventsText({ eventsMonths, eventsKeptFrom }: RetentionBody): string {
  if (eventsMonths === null) return 'for ever';
  const months = `${eventsMonths} ${eventsMonths === 1 ? 'month' : 'months'}`;
  return eventsKeptFrom === null ? months : `${months}: from ${dayText(eventsKeptFrom)} on`;
}
