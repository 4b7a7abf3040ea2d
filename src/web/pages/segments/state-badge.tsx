import { Tooltip } from '@mantine/core';
import { IconCircleCheck, IconClockExclamation, IconFlask, IconRosetteDiscountCheck } from '@tabler/icons-react';
import type { StandingBody } from '../../../api/contract.ts';
import styles from './segments.module.css';

type State = StandingBody['segments'][number]['state'];

const ICONS = {
  hypothesis: IconFlask,
  validated: IconCircleCheck,
  operational: IconRosetteDiscountCheck,
  stale: IconClockExclamation,
} as const;

/** Where a segment stands in its life, with the reason on hover and on focus. */
export function StateBadge({ state, because }: { readonly state: State; readonly because: string }) {
  const Icon = ICONS[state];
  return (
    <Tooltip label={because} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <span className={`${styles['state']} ${styles[state] ?? ''}`} tabIndex={0}>
        <Icon size={14} aria-hidden />
        {state}
      </span>
    </Tooltip>
  );
}
