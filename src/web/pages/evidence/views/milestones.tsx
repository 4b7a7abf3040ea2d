import type { EvidenceRow } from '../../../../api/evidence-answers.ts';
import { shareText, wholeText } from '../../../format.ts';
import { Forest } from '../../../parts/forest.tsx';
import { askModel, baseOf, draftOn } from '../../model/draft.ts';
import { DraftButton } from '../draft-button.tsx';
import { byVerdict, findingsOf } from '../finding.ts';
import type { MilestoneDraft } from '../milestone-edit.ts';
import { SpanText } from '../span-text.tsx';
import type { View } from '../view.ts';

type MilestoneRow = EvidenceRow<'milestones'>;

/** Rows in the picture, so that each can still be read. */
const MOST_DRAWN = 10;

const nameOf = ({ candidate, windowDays, population }: MilestoneRow): string =>
  `${candidate} within ${windowDays} days${population === 'customers' ? '' : `, ${population}`}`;

const sharesOf = ({ retention, conversion }: MilestoneRow): readonly [number, number] | null => retention ?? conversion;

/** A milestone of a model is an event or a workflow that customers who stay have reached, by its own merit. */
const isProposable = (row: MilestoneRow): row is MilestoneRow & MilestoneDraft =>
  row.verdict === 'holds' &&
  row.population === 'customers' &&
  row.kind !== 'area' &&
  !(row.primary || row.proxy) &&
  row.carriedBy === null;

async function draftOf(milestone: MilestoneDraft) {
  const [{ withPrimary }, model] = await Promise.all([import('../milestone-edit.ts'), askModel()]);
  const text = withPrimary(draftOn(model) ?? model.text, milestone);
  return text === null ? null : { base: baseOf(model), text };
}

function ordered(answer: unknown): readonly MilestoneRow[] {
  const rows = findingsOf<MilestoneRow>(answer);
  const [own, others] = [rows.filter(({ primary }) => primary), rows.filter(({ primary }) => !primary)];
  return [...own, ...byVerdict(others)];
}

/** Does reaching something by an age go with staying? */
export const milestonesView: View = {
  question: 'milestones',
  title: 'Milestones',
  asks: 'Does reaching something by an age go with staying, or with becoming a customer?',
  figure: 'hazard ratio of leaving',
  picture: (answer) => {
    const drawn = ordered(answer)
      .filter((row) => row.interval !== null && sharesOf(row) !== null)
      .slice(0, MOST_DRAWN);
    if (drawn.length === 0) return null;
    return (
      <Forest
        title="Who had reached it by that age stayed, against who had not"
        file="milestones"
        series={['had', 'had not']}
        rows={drawn.map((row) => ({
          name: nameOf(row),
          marks: [0, 1].map((side) => {
            const estimate = sharesOf(row)?.[side];
            return estimate === undefined ? null : { estimate, interval: row.interval?.[side] ?? null };
          }),
        }))}
        scale="Share that is still a customer at the end of the time looked at, or has become one"
        text={shareText}
        max={1}
      />
    );
  },
  readings: (answer) =>
    ordered(answer).map((row) => ({
      key: `${row.population} ${row.kind} ${row.candidate} ${row.windowDays}`,
      name: row.primary ? `${nameOf(row)} (the model's own)` : nameOf(row),
      finding: row,
      figure: (
        <SpanText
          estimate={row.hazardRatio}
          interval={row.hazardInterval}
          text={(value) => value.toFixed(2)}
          why={`${wholeText(row.n[0])} accounts had reached it and ${wholeText(row.n[1])} had not; too few left to compare.`}
        />
      ),
      ...(isProposable(row)
        ? {
            action: <DraftButton isSmall label="Draft it as the primary milestone" make={() => draftOf(row)} />,
          }
        : {}),
    })),
};
