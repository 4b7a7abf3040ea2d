import type { EvidenceRow } from '../../../../api/evidence-answers.ts';
import { Forest } from '../../../parts/forest.tsx';
import { byVerdict, findingsOf } from '../finding.ts';
import { numberText } from '../number-text.ts';
import { SpanText } from '../span-text.tsx';
import type { View } from '../view.ts';

type ThresholdRow = EvidenceRow<'thresholds'>;

const MOST_DRAWN = 12;

/** At which value of a signal do those who leave part from those who stay? */
export const thresholdsView: View = {
  question: 'thresholds',
  title: 'Thresholds',
  asks: 'At which value of a signal do those who leave part from those who stay?',
  figure: 'leave more often',
  picture: (answer) => {
    const drawn = byVerdict(findingsOf<ThresholdRow>(answer))
      .filter(({ tested }) => tested?.hazardRatio != null)
      .slice(0, MOST_DRAWN);
    if (drawn.length === 0) return null;
    return (
      <Forest
        title="On the wrong side of the value, accounts leave so many times as often"
        file="thresholds"
        series={['hazard ratio']}
        rows={drawn.map(({ signal, side, cut, tested }) => ({
          name: `${signal} ${side} ${cut === null ? '' : numberText(cut)}`,
          marks: [tested?.hazardRatio == null ? null : { estimate: tested.hazardRatio, interval: tested.interval }],
        }))}
        scale="Hazard ratio in the later data, in which nothing was searched; at 1 both sides leave equally often"
        text={(value) => numberText(value)}
        reference={1}
        isLogarithmic
      />
    );
  },
  readings: (answer) =>
    byVerdict(findingsOf<ThresholdRow>(answer)).map((row) => ({
      key: row.signal,
      name: row.signal,
      finding: row,
      figure:
        row.side === null ? undefined : (
          <span>
            {row.side}{' '}
            <SpanText estimate={row.cut} interval={row.cutInterval} text={numberText} why="No value parts them." />
          </span>
        ),
    })),
};
