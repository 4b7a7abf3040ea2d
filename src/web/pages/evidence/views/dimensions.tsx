import type { EvidenceRow } from '../../../../api/evidence-answers.ts';
import { Forest } from '../../../parts/forest.tsx';
import { findingsOf } from '../finding.ts';
import { SpanText } from '../span-text.tsx';
import type { View } from '../view.ts';

type Row = EvidenceRow<'dimensions'>;
type DimensionRow = Exclude<Row, { readonly kind: 'claim' }>;

const isPredictor = (row: Row): row is DimensionRow => row.kind !== 'claim';
const text = (value: number): string => value.toFixed(2);
const nameOf = (row: Row): string =>
  isPredictor(row) ? row.predictor : 'One behavioural signal against industry and size';

/** Does behaviour predict churn better than industry and size? */
export const dimensionsView: View = {
  question: 'dimensions',
  title: 'Dimensions',
  asks: 'Does behaviour predict churn better than industry and size?',
  figure: 'area under the curve',
  picture: (answer) => {
    const rows = findingsOf<Row>(answer).filter(isPredictor);
    const drawn = rows.filter(({ kind, auc }) => kind !== 'signal' && auc !== null);
    if (drawn.length === 0) return null;
    return (
      <Forest
        title="How well each kind of signal tells who will leave"
        file="dimensions"
        series={['area under the curve']}
        rows={drawn.map(({ predictor, auc, interval }) => ({
          name: predictor,
          marks: [auc === null ? null : { estimate: auc, interval }],
        }))}
        scale="0.5 is a coin, 1 is never wrong"
        text={text}
        reference={0.5}
      />
    );
  },
  readings: (answer) =>
    findingsOf<Row>(answer).map((row) => ({
      key: nameOf(row),
      name: nameOf(row),
      finding: row,
      figure: isPredictor(row) ? (
        <SpanText
          estimate={row.auc}
          interval={row.interval}
          text={text}
          why={`${row.n} observations are too few to judge it.`}
        />
      ) : undefined,
    })),
};
