import { useMemo } from 'react';
import type { ActivationBody } from '../../../api/contract.ts';
import { intervalText, shareText, wholeText, wordText } from '../../format.ts';
import type { ChartTable } from '../../parts/chart-table.tsx';
import { Term } from '../../parts/term.tsx';
import styles from './activation.module.css';
import { daysText } from './funnel.tsx';
import { type StepBar, StepsChart, type StepWords } from './steps-chart.tsx';

type Workflow = ActivationBody['workflows'][number];

const WORDS: StepWords = { reached: 'took it', lost: 'stopped', waiting: '' };

/** Workflows with how many runs are completed, and where the others stop. */
export function Workflows({ workflows }: { readonly workflows: readonly Workflow[] }) {
  return (
    <section className={styles['section']} aria-label="Workflows">
      <h2>
        <Term word="workflow">Workflows</Term>
      </h2>
      <p className="muted">Runs that were started in the last 60 days and have ended.</p>
      {workflows.length === 0 && (
        <p className="muted">The model names no workflow. Add one under taxonomy.workflows to see where it stops.</p>
      )}
      <div className={styles['pair']}>
        {workflows.map((workflow) => (
          <WorkflowChart key={workflow.workflow} workflow={workflow} />
        ))}
      </div>
    </section>
  );
}

function WorkflowChart({ workflow }: { readonly workflow: Workflow }) {
  const { steps, completion, interval, medianDays, users, open, withinDays } = workflow;
  const bars = useMemo(() => steps.map(barOf), [steps]);
  const table: ChartTable = {
    columns: [
      { name: 'Step' },
      ...['Runs that came to it', 'Took it', 'Stopped before it'].map((name) => ({ name, text: wholeText })),
    ],
    rows: steps.map(({ step, entered, reached, dropped }) => [wordText(step), entered, reached, dropped]),
  };
  const days = daysText(medianDays);
  const told = [
    ...(completion === null || interval === null
      ? []
      : [`${shareText(completion)} completed (${intervalText([interval[0], interval[1]])})`]),
    `${wholeText(users)} ${users === 1 ? 'user' : 'users'}`,
    ...(days === '' ? [] : [days === 'at once' ? 'done at once' : `done after ${days}`]),
    ...(open === 0 ? [] : [`${wholeText(open)} still open`]),
  ];
  return (
    <div>
      <StepsChart
        title={workflow.sentence}
        file={`workflow-${workflow.workflow}`}
        bars={bars}
        words={WORDS}
        largest={workflow.largest}
        table={table}
      />
      <p className="small muted">
        {told.join(', ')}. A run may take {wholeText(withinDays)} days.
      </p>
    </div>
  );
}

function barOf({ step, entered, reached, dropped }: Workflow['steps'][number]): StepBar {
  return {
    ...{ step, entered, reached, lost: dropped, waiting: 0, aside: '' },
    told: [
      ['Runs that came to it', wholeText(entered)],
      ['Took it', wholeText(reached)],
      ['Stopped before it', wholeText(dropped)],
    ],
  };
}
