import type { EvidenceRow } from '../../../../api/evidence-answers.ts';
import { shareText } from '../../../format.ts';
import { Forest } from '../../../parts/forest.tsx';
import { findingsOf } from '../finding.ts';
import { SpanText } from '../span-text.tsx';
import type { View } from '../view.ts';

type Row = EvidenceRow<'segments'>;
type SegmentRow = Extract<Row, { readonly kind: 'segment' }>;

const isSegment = (row: Row): row is SegmentRow => row.kind === 'segment';
const nameOf = (row: Row): string =>
  `${isSegment(row) ? row.segment : `${row.segments[0]} against ${row.segments[1]}`}${row.basis === 'home' ? ', by home segment' : ''}`;
const markOf = ({ estimate, interval }: Pick<SegmentRow, 'estimate' | 'interval'>) =>
  estimate === null ? null : { estimate, interval };

/** Do members of a segment stay or expand at another rate than others? */
export const segmentsView: View = {
  question: 'segments',
  title: 'Segments',
  asks: 'Do members of a segment stay or expand at another rate than others?',
  figure: 'still customers',
  picture: (answer) => {
    const rows = findingsOf<Row>(answer)
      .filter(isSegment)
      .filter(({ basis }) => basis === 'raw');
    const drawn = rows.filter(({ estimate, expansion }) => estimate !== null || expansion.estimate !== null);
    if (drawn.length === 0) return null;
    return (
      <Forest
        title="Accounts of each segment that stayed, and that expanded"
        file="segments"
        series={['stayed', 'expanded']}
        rows={drawn.map((row) => ({ name: row.segment, marks: [markOf(row), markOf(row.expansion)] }))}
        scale={`Share of accounts ${drawn[0]?.horizonDays ?? 365} days later`}
        text={shareText}
        min={0}
        max={1}
      />
    );
  },
  readings: (answer) => {
    const rows = findingsOf<Row>(answer);
    return rows.map((row) => ({
      key: nameOf(row),
      name: nameOf(row),
      finding: row,
      figure: isSegment(row) ? (
        <SpanText
          estimate={row.estimate}
          interval={row.interval}
          text={shareText}
          why={`${row.n} accounts; too few were followed for long enough.`}
        />
      ) : undefined,
    }));
  },
};
