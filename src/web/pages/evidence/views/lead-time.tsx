import type { EvidenceRow } from '../../../../api/evidence-answers.ts';
import { shareText, wholeText } from '../../../format.ts';
import { Forest } from '../../../parts/forest.tsx';
import { byVerdict, findingsOf, type Span } from '../finding.ts';
import { SpanText } from '../span-text.tsx';
import type { View } from '../view.ts';

type LeadTimeRow = EvidenceRow<'lead-time'>;

const whole = (pair: readonly [number | null, number | null] | null): Span | null =>
  pair === null || pair[0] === null || pair[1] === null ? null : [pair[0], pair[1]];

/** How long before a churn does each indicator begin to fire? */
export const leadTimeView: View = {
  question: 'lead-time',
  title: 'Lead time',
  asks: 'How long before a churn does each indicator begin to fire?',
  figure: 'days before the churn',
  picture: (answer) => {
    const rows = byVerdict(findingsOf<LeadTimeRow>(answer));
    const drawn = rows.filter(({ detection }) => detection.share !== null);
    if (drawn.length === 0) return null;
    return (
      <Forest
        title="Each indicator had fired before this share of churns, and of renewals of accounts that stayed"
        file="lead-time"
        series={['before churns', 'before renewals']}
        rows={drawn.map(({ indicator, detection: { share, interval, controlShare, controlInterval } }) => ({
          name: indicator,
          marks: [
            share === null ? null : { estimate: share, interval },
            controlShare === null ? null : { estimate: controlShare, interval: controlInterval },
          ],
        }))}
        scale="An indicator is worth something where the two are apart"
        text={shareText}
        min={0}
        max={1}
      />
    );
  },
  readings: (answer) =>
    byVerdict(findingsOf<LeadTimeRow>(answer)).map((row) => ({
      key: row.indicator,
      name: row.indicator,
      finding: row,
      figure: (
        <SpanText
          estimate={row.leadDays?.median ?? null}
          interval={whole(row.leadDays?.interval ?? null)}
          text={wholeText}
          why={`It fired before ${row.fired} of ${row.n} churns.`}
        />
      ),
    })),
};
