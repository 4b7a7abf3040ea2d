import { useQuery } from '@tanstack/react-query';
import { dayText } from '../../format.ts';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import { Term } from '../../parts/term.tsx';
import styles from './account.module.css';
import { explainQuery, recordedQuery } from './ask-account.ts';
import { Coming, Section } from './section.tsx';

/** Question: what did we say then, and what do today's facts say about then? */
export function Then({ id, on }: { readonly id: string; readonly on: string }) {
  const recorded = useQuery(recordedQuery(id, on));
  const recomputed = useQuery(explainQuery(id, on, 'all'));
  if (recorded.data === undefined) return <Coming height={96} error={recorded.error} what="What was recorded" />;
  const said = recorded.data.accounts[0];
  const account = recomputed.data?.account;
  const isOther = account !== undefined && said !== undefined && account.segment !== said.segment;
  return (
    <Section id="then" title={`As it was on ${dayText(on)}`}>
      <dl className={styles['facts']} style={{ margin: 0 }}>
        <div className={styles['fact']} data-part="recorded">
          <dt>
            <Term word="recorded">Recorded</Term> then
          </dt>
          <dd>
            {said === undefined ? (
              <span className="muted">nothing was said of it yet</span>
            ) : (
              <>
                <SegmentChip segment={said.segment} />{' '}
                <span className="muted small">
                  since {dayText(said.since)}, by {said.cause}
                </span>
              </>
            )}
          </dd>
        </div>
        <div className={styles['fact']} data-part="recomputed">
          <dt>
            <Term word="recomputed">Recomputed</Term> today
          </dt>
          <dd>
            {account === undefined ? (
              <Coming height={20} error={recomputed.error} what="What today's facts say" />
            ) : (
              <SegmentChip segment={account.segment} marks={{ isOverridden: account.isOverridden }} />
            )}
          </dd>
        </div>
      </dl>
      {isOther && (
        <p>They differ: facts came late, or the model was another then. What was recorded stays as it was said.</p>
      )}
    </Section>
  );
}
