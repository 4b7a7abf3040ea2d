import type { SegmentsBody, StandingBody } from '../../../api/contract.ts';
import { exactMoneyText, moneyText, shareText, wholeText, wordText } from '../../format.ts';
import { Interval } from '../../parts/interval.tsx';
import { PageLink, segmentAccountsPath, segmentPath } from '../../parts/page-link.tsx';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import { Term } from '../../parts/term.tsx';
import { Unknown } from '../../parts/unknown.tsx';
import styles from './segments.module.css';
import { StateBadge } from './state-badge.tsx';

type Segment = SegmentsBody['segments'][number];
type Standing = StandingBody['segments'][number];

const NOT_ASKED = 'Nobody has asked the evidence about this version of the model yet. Ask it above.';

/** A segment on one card: who is in it, whether they stay and grow, and what it lacks. */
export function SegmentCard({
  segment,
  standing,
  currency,
}: {
  readonly segment: Segment;
  readonly standing: Standing | undefined;
  readonly currency: string;
}) {
  const { name, accounts, arr, arrShare, entering, leaving } = segment;
  return (
    <article className={styles['card']} aria-label={name}>
      <div className={styles['top']}>
        <h2>
          <PageLink to={segmentPath(name)}>
            <SegmentChip segment={name} />
          </PageLink>
        </h2>
        {standing !== undefined && <StateBadge state={standing.state} because={standing.because} />}
      </div>
      <div className={styles['figures']}>
        <PageLink to={segmentAccountsPath(name)}>
          <span className={styles['figure']}>{wholeText(accounts)}</span> {accounts === 1 ? 'account' : 'accounts'}
        </PageLink>
        <span>
          {arr === null ? (
            <Unknown why="No contract of its accounts says how much." />
          ) : (
            <span title={exactMoneyText(arr, currency)}>{moneyText(arr, currency)} ARR</span>
          )}
          {arrShare !== null && <span className="muted"> · {shareText(arrShare)} of all</span>}
        </span>
      </div>
      <dl className={styles['pairs']}>
        <dt>
          <Term word="retention">Stay</Term>
        </dt>
        <dd>
          <Told figure={standing?.evidence?.retention} />
        </dd>
        <dt>
          <Term word="expansion">Expand</Term>
        </dt>
        <dd>
          <Told figure={standing?.evidence?.expansion} />
        </dd>
        <dt>Waiting</dt>
        <dd>
          {entering + leaving === 0
            ? 'nobody'
            : [
                entering === 0 ? null : `${wholeText(entering)} to come in`,
                leaving === 0 ? null : `${wholeText(leaving)} to leave`,
              ]
                .filter((words) => words !== null)
                .join(', ')}
        </dd>
        <dt>Lacks</dt>
        <dd>{standing === undefined ? '…' : standing.lacks.map(wordText).join(', ') || 'nothing'}</dd>
      </dl>
      <p className="small muted">{standing?.because ?? ' '}</p>
    </article>
  );
}

type Figure = NonNullable<Standing['evidence']>['retention'];

function Told({ figure }: { readonly figure: Figure | undefined }) {
  const why = figure === undefined ? NOT_ASKED : 'Too few of its accounts were watched for long enough.';
  return <Interval estimate={figure?.estimate ?? null} interval={figure?.interval ?? null} why={why} />;
}
