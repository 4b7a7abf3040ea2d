import { Tooltip } from '@mantine/core';
import { IconCheck, IconHourglass, IconX } from '@tabler/icons-react';
import { wholeText } from '../../format.ts';
import styles from './evidence.module.css';
import { type Finding, type Verdict, verdictText } from './finding.ts';

const ICONS: Readonly<Record<Verdict, typeof IconCheck>> = {
  holds: IconCheck,
  fails: IconX,
  too_little_data: IconHourglass,
};

const MEANS: Readonly<Record<Verdict, string>> = {
  holds: 'The difference is larger than chance makes, with all that was tried, and it was there in the later data too.',
  fails: 'There was enough to see a difference, and none was seen that chance would not make.',
  too_little_data: 'Nothing is said either way. More accounts or more time would tell.',
};

/** What was found, by colour, sign and word; why on hover and on focus. A description has none. */
export function VerdictChip({
  finding: { verdict, needed },
}: {
  readonly finding: Pick<Finding, 'verdict' | 'needed'>;
}) {
  if (verdict === null) return <span className="small muted">not tested</span>;
  const Icon = ICONS[verdict];
  const why = needed?.reason == null ? MEANS[verdict] : `${MEANS[verdict]} (${needed.reason}.)`;
  return (
    <Tooltip label={why} multiline maw={340} events={{ hover: true, focus: true, touch: true }}>
      <span className={styles['chip']} data-verdict={verdict} tabIndex={0}>
        <Icon size={13} aria-hidden />
        {verdictText(verdict, needed, wholeText)}
      </span>
    </Tooltip>
  );
}
