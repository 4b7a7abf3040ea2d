import type { EvidenceRow } from '../../../../api/evidence-answers.ts';
import { wholeText } from '../../../format.ts';
import { byVerdict, findingsOf } from '../finding.ts';
import { SpanText } from '../span-text.tsx';
import type { View } from '../view.ts';
import { DivergenceCurve } from './divergence-curve.tsx';

type DivergenceRow = EvidenceRow<'divergence'>;

/** How many weeks before a churn do signals part from those of accounts that stay? */
export const divergenceView: View = {
  question: 'divergence',
  title: 'Divergence',
  asks: 'How many weeks before a churn do signals part from those of accounts that stay?',
  figure: 'weeks before the churn',
  picture: (answer) => <DivergenceCurve rows={byVerdict(findingsOf<DivergenceRow>(answer))} />,
  readings: (answer) =>
    byVerdict(findingsOf<DivergenceRow>(answer)).map((row) => ({
      key: row.signal,
      name: row.signal,
      finding: row,
      figure: (
        <SpanText
          estimate={row.weeksBefore}
          interval={null}
          text={wholeText}
          why="No week from which they differ and go on to."
        />
      ),
    })),
};
