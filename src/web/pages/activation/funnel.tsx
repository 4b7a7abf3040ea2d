import { useMemo } from 'react';
import type { ActivationBody } from '../../../api/contract.ts';
import { intervalText, shareText, wholeText, wordText } from '../../format.ts';
import type { ChartTable } from '../../parts/chart-table.tsx';
import { type StepBar, StepsChart, type StepWords } from './steps-chart.tsx';

/** A sequence of activation, as the server tells it. */
export type Funnel = ActivationBody['users'];

const WORDS: StepWords = { reached: 'took it', lost: 'stall', waiting: 'on the way' };

/** Days in few digits: 4.2 days; under an hour is no time. */
export function daysText(days: number | null): string {
  if (days === null) return '';
  if (days < 0.05) return 'at once';
  const text = days < 10 ? days.toFixed(1) : days.toFixed(0);
  return `${text} ${text === '1.0' ? 'day' : 'days'}`;
}

/** A sequence as a funnel, with the largest drop-off named in its title. */
export function FunnelChart({ funnel, onPick }: { readonly funnel: Funnel; readonly onPick: (step: string) => void }) {
  const bars = useMemo(() => funnel.steps.map(barOf), [funnel]);
  const table: ChartTable = {
    columns: [
      { name: 'Step' },
      ...['Came to it', 'Took it'].map((name) => ({ name, text: wholeText })),
      ...['Share', 'From', 'To'].map((name) => ({ name, text: shareText })),
      ...['Stall', 'On the way'].map((name) => ({ name, text: wholeText })),
      { name: 'Median days', text: (days) => days.toFixed(1) },
    ],
    rows: funnel.steps.map((each) => [
      ...[wordText(each.step), each.entered, each.reached, each.share],
      ...[each.interval?.[0] ?? null, each.interval?.[1] ?? null, each.stalled, each.onTheWay, each.medianDays],
    ]),
    linkOf: (row) => (funnel.unit === 'users' ? stalledUsersPath(funnel.steps[row]?.step ?? '') : null),
    whyUnknown: 'Nobody came to this step.',
  };
  return (
    <StepsChart
      title={funnel.sentence}
      file={`activation-of-${funnel.unit}`}
      bars={bars}
      words={WORDS}
      largest={funnel.largest}
      table={table}
      onPick={onPick}
    />
  );
}

/** The address of the users who stall before a step. */
export const stalledUsersPath = (step: string): string => `/users?stalledStep=${encodeURIComponent(step)}`;

function barOf(each: Funnel['steps'][number]): StepBar {
  const { step, entered, reached, stalled, onTheWay, share, interval, medianDays } = each;
  const days = daysText(medianDays);
  return {
    ...{ step, entered, reached, lost: stalled, waiting: onTheWay },
    aside: days === '' || days === 'at once' ? days : `after ${days}`,
    told: [
      ['Came to it', wholeText(entered)],
      ['Took it', share === null ? 'nobody could' : `${wholeText(reached)} (${shareText(share)})`],
      ...(interval === null ? [] : [['95% interval', intervalText([interval[0], interval[1]])] as const]),
      ['Stall, for 7 days or more', wholeText(stalled)],
      ['On the way, for less', wholeText(onTheWay)],
      ['Median from the step before', days === '' ? 'unknown' : days],
    ],
  };
}
