import { Tooltip } from '@mantine/core';
import type { CSSProperties } from 'react';
import { useSegmentLook } from '../shell/workspace.ts';
import styles from './segment-chip.module.css';

/** What stands beside a segment, each with the sentence that explains it. */
export interface SegmentMarks {
  readonly isHeld?: boolean;
  readonly isOverridden?: boolean;
  /** Segment that the rules say already, once they have said it for long enough. */
  readonly waitingFor?: string | null;
}

function Mark({ word, sentence }: { readonly word: string; readonly sentence: string }) {
  return (
    <Tooltip label={sentence} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <span className={styles['mark']} tabIndex={0}>
        {word}
      </span>
    </Tooltip>
  );
}

/** A segment by its colour and name; without one a dotted outline and why. */
export function SegmentChip({
  segment,
  marks = {},
  whyNone = 'In no segment: no customer, or outside the market that you serve.',
}: {
  readonly segment: string | null;
  readonly marks?: SegmentMarks;
  readonly whyNone?: string;
}) {
  const look = useSegmentLook(segment);
  const dot = [styles['dot'], look === null ? styles['unknown'] : '', look?.isHatched ? styles['hatched'] : ''];
  return (
    <span className={styles['chip']}>
      <span aria-hidden className={dot.join(' ')} style={{ '--segment': look?.colour } as CSSProperties} />
      {segment ?? <span className="muted">{whyNone === '' ? 'none' : <Mark word="none" sentence={whyNone} />}</span>}
      {marks.isHeld && (
        <Mark word="held" sentence="A move waits for a person to look. Until then it is said what was before." />
      )}
      {marks.isOverridden && <Mark word="by hand" sentence="Somebody set this segment by hand, for a while." />}
      {marks.waitingFor != null && (
        <Mark word="waiting" sentence={`The rules say ${marks.waitingFor}, but not for long enough yet.`} />
      )}
    </span>
  );
}
