import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { SegmentsBody, StandingBody } from '../../../api/contract.ts';
import { dayText, moneyText, shareText, wholeText, wordText } from '../../format.ts';
import { Interval } from '../../parts/interval.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { PageLink, segmentAccountsPath } from '../../parts/page-link.tsx';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import { Unknown } from '../../parts/unknown.tsx';
import { mixQuery, segmentsQuery, standingQuery } from './queries.ts';
import styles from './segments.module.css';
import { StateBadge } from './state-badge.tsx';

type Segment = SegmentsBody['segments'][number];
type Standing = StandingBody['segments'][number];

/** Question: what is this segment, who is in it, and how is it worked? */
export function SegmentPage() {
  const { name } = useParams({ from: '/inside/segments/$name' });
  const segments = useQuery(segmentsQuery);
  const standing = useQuery(standingQuery);
  const mix = useQuery(mixQuery);
  const failure = segments.error ?? standing.error ?? mix.error;
  if (failure !== null) throw failure;
  const segment = segments.data?.segments.find((each) => each.name === name);
  if (segments.data !== undefined && segment === undefined) return <Nowhere name={name} />;
  const own = standing.data?.segments.find((each) => each.segment === name);
  return (
    <>
      <PageHead title={name} asOf={mix.data?.asOf ?? null}>
        {segment === undefined ? (
          '…'
        ) : (
          <PageLink to={segmentAccountsPath(name)}>{wholeText(segment.accounts)} accounts</PageLink>
        )}
      </PageHead>
      {segment === undefined || mix.data === undefined ? (
        <Skeleton height={420} radius="lg" />
      ) : (
        <div className={styles['columns']}>
          <Rule segment={segment} standing={own} />
          <Worked segment={segment} standing={own} currency={mix.data.currency} />
        </div>
      )}
    </>
  );
}

function Nowhere({ name }: { readonly name: string }) {
  return (
    <>
      <h1>There is no segment {name}</h1>
      <p className="muted">
        The model may have another name for it now. <PageLink to="/segments">See all segments</PageLink>, or{' '}
        <PageLink to="/model?tab=history">what was published</PageLink>.
      </p>
    </>
  );
}

function Rule({ segment, standing }: { readonly segment: Segment; readonly standing: Standing | undefined }) {
  const { name, rule, cohorts, valueTiers, accounts } = segment;
  return (
    <div className={styles['column']}>
      <section aria-label="Rule" className={styles['part']}>
        <h2>Who is in it</h2>
        <code className={styles['rule']}>{rule}</code>
        <p className="small muted">
          First match wins, in the order of the model.{' '}
          <PageLink to={`/model?segment=${encodeURIComponent(name)}`}>Change it</PageLink>
        </p>
      </section>
      <section aria-label="Evidence" className={styles['part']}>
        <h2>Whether it tells accounts apart</h2>
        {standing?.evidence == null ? (
          <p className="muted">{standing?.because ?? '…'}</p>
        ) : (
          <>
            <p>{standing.evidence.sentence}</p>
            <dl className={styles['pairs']}>
              <dt>Stay</dt>
              <dd>
                <Interval {...standing.evidence.retention} why="Too few were watched for long enough." />
              </dd>
              <dt>Expand</dt>
              <dd>
                <Interval {...standing.evidence.expansion} why="Too few were watched for long enough." />
              </dd>
            </dl>
            <p className="small muted">
              {wholeText(standing.evidence.accounts)} accounts
              {standing.evidenceAsOf === null ? '' : `, as of ${dayText(standing.evidenceAsOf)}`}
              {standing.evidence.horizonDays === null
                ? ''
                : `, within ${wholeText(standing.evidence.horizonDays)} days`}
            </p>
          </>
        )}
      </section>
      <section aria-label="Mix" className={styles['part']}>
        <h2>Who its accounts are</h2>
        <div className={styles['mixes']}>
          <Shares counts={cohorts} of={accounts} label="By cohort" />
          <Shares counts={valueTiers} of={accounts} label="By value tier" />
        </div>
      </section>
    </div>
  );
}

function Shares({
  counts,
  of,
  label,
}: {
  readonly counts: Readonly<Record<string, number>>;
  readonly of: number;
  readonly label: string;
}) {
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return (
    <div className={styles['part']}>
      <h3 className="muted">{label}</h3>
      {rows.length === 0 && <p className="muted">It has no accounts.</p>}
      <dl className={styles['shares']}>
        {rows.map(([name, count]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd aria-hidden className={styles['bar']}>
              <span style={{ width: `${(100 * count) / of}%` }} />
            </dd>
            <dd className="number">{wholeText(count)}</dd>
            <dd className="number">{shareText(count / of)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Worked({
  segment,
  standing,
  currency,
}: {
  readonly segment: Segment;
  readonly standing: Standing | undefined;
  readonly currency: string;
}) {
  const { name, arr, coverage, covered, people, salesPlay, expansionTriggers, churnIndicators, health } = segment;
  return (
    <div className={styles['column']}>
      <section aria-label="State" className={styles['part']}>
        <div className={styles['top']}>
          <SegmentChip segment={name} />
          {standing !== undefined && <StateBadge state={standing.state} because={standing.because} />}
        </div>
        <p className="small muted">{standing?.because}</p>
        <dl className={styles['pairs']}>
          <dt>ARR</dt>
          <dd>
            {arr === null ? <Unknown why="No contract of its accounts says how much." /> : moneyText(arr, currency)}
          </dd>
          <dt>Health</dt>
          <dd>
            {health === null ? (
              <Unknown why="Too little is known of its accounts." />
            ) : (
              `${wholeText(health.median)} (middle half ${wholeText(health.low)} to ${wholeText(health.high)})`
            )}
          </dd>
          <dt>Review due</dt>
          <dd>{standing?.reviewDueOn == null ? 'not yet set' : dayText(standing.reviewDueOn)}</dd>
          <dt>Lacks</dt>
          <dd>{standing === undefined ? '…' : standing.lacks.map(wordText).join(', ') || 'nothing'}</dd>
        </dl>
      </section>
      <section aria-label="Motion" className={styles['part']}>
        <h2>How it is worked</h2>
        <dl className={styles['pairs']}>
          <dt>Coverage</dt>
          <dd>
            {coverage === null
              ? 'none written yet'
              : `${coverage.model}${coverage.ratio === null ? '' : `, 1 to ${wholeText(coverage.ratio)}`}`}
          </dd>
          <dt>People</dt>
          <dd>{people === null ? 'no ratio is set' : `${wholeText(people)} for ${wholeText(covered)} accounts`}</dd>
          <dt>Sales play</dt>
          <dd>{salesPlay ?? 'none written yet'}</dd>
          <dt>Expand when</dt>
          <dd>{expansionTriggers.map(wordText).join(', ') || 'nothing is set'}</dd>
          <dt>Watch for</dt>
          <dd>{churnIndicators.map(wordText).join(', ') || 'nothing is set'}</dd>
        </dl>
      </section>
    </div>
  );
}
