import type { EvidenceRow } from '../../../../api/evidence-answers.ts';
import { shareText, wholeText, wordText } from '../../../format.ts';
import { Forest } from '../../../parts/forest.tsx';
import { findingsOf } from '../finding.ts';
import { SpanText } from '../span-text.tsx';
import type { View } from '../view.ts';

type JobRow = EvidenceRow<'jobs'>;

const markOf = ({ estimate, interval }: JobRow['conversion']) => (estimate === null ? null : { estimate, interval });

/** Which job converts at the highest rate and keeps its customers best? */
export const jobsView: View = {
  question: 'jobs',
  title: 'Jobs',
  asks: 'Which job converts at the highest rate and keeps its customers best?',
  figure: 'converted',
  picture: (answer) => {
    const rows = findingsOf<JobRow>(answer);
    const drawn = rows.filter(
      ({ conversion, retention }) => conversion.estimate !== null || retention.estimate !== null,
    );
    const [first] = drawn;
    if (first === undefined) return null;
    return (
      <Forest
        title="Of the accounts that came for a job, those that became customers and those that stayed"
        file="jobs"
        series={[`converted within ${first.conversionDays} days`, `stayed for ${first.horizonDays} days`]}
        rows={drawn.map((row) => ({ name: wordText(row.job), marks: [markOf(row.conversion), markOf(row.retention)] }))}
        scale="Share of accounts"
        text={shareText}
        min={0}
        max={1}
      />
    );
  },
  readings: (answer) =>
    findingsOf<JobRow>(answer).map((row) => ({
      key: row.job,
      name: wordText(row.job),
      finding: row,
      figure: (
        <SpanText
          estimate={row.conversion.estimate}
          interval={row.conversion.interval}
          text={shareText}
          why={`${wholeText(row.conversion.n)} trials and prospects came for it, too few to tell a rate.`}
        />
      ),
    })),
};
