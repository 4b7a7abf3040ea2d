import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { wholeText } from '../../format.ts';
import { Term } from '../../parts/term.tsx';
import styles from './evidence.module.css';
import { triedIn, type Verdict } from './finding.ts';
import { VerdictChip } from './verdict-chip.tsx';
import type { Reading } from './view.ts';

const FIRST = 25;
const WORDS: readonly (readonly [Verdict, string])[] = [
  ['holds', 'Holds'],
  ['fails', 'Does not hold'],
  ['too_little_data', 'Too little data'],
];

/** Everything that was found, a sentence each; how many were tried stands above them. */
export function Readings({
  readings,
  figure,
}: {
  readonly readings: readonly Reading[];
  readonly figure: string | undefined;
}) {
  const [chosen, setChosen] = useState<string>('all');
  const [isAll, setIsAll] = useState(false);
  const found = readings.filter(({ finding }) => chosen === 'all' || finding.verdict === chosen);
  const shown = isAll ? found : found.slice(0, FIRST);
  const tried = triedIn(readings.map(({ finding }) => finding));
  const counts = WORDS.map(([verdict, word]) => ({
    value: verdict,
    label: `${word} ${wholeText(readings.filter(({ finding }) => finding.verdict === verdict).length)}`,
  }));
  return (
    <>
      <div className={styles['filter']}>
        <SegmentedControl
          size="xs"
          aria-label="What was found"
          value={chosen}
          onChange={setChosen}
          data={[{ value: 'all', label: `All ${wholeText(readings.length)}` }, ...counts]}
        />
        {tried > 1 && (
          <span className="small muted">
            {wholeText(tried)} <Term word="tried">were tried</Term> together
            {figure === undefined ? '' : `; beside each: ${figure}`}
          </span>
        )}
      </div>
      {found.length === 0 && (
        <p className="muted">
          {readings.length === 0
            ? 'There is nothing to test yet: nobody has been watched for long enough.'
            : 'None of them. Choose another finding above.'}
        </p>
      )}
      <ul className={styles['readings']}>
        {shown.map(({ key, name, finding, figure: drawn, action }) => (
          <li key={key} className={styles['reading']} data-verdict={finding.verdict}>
            <h3>{name}</h3>
            <span>{drawn}</span>
            <VerdictChip finding={finding} />
            <p className={styles['sentence']}>{finding.sentence}</p>
            {action !== undefined && <div className={styles['action']}>{action}</div>}
          </li>
        ))}
      </ul>
      {shown.length < found.length && (
        <Button variant="default" onClick={() => setIsAll(true)}>
          Show all {wholeText(found.length)}
        </Button>
      )}
    </>
  );
}
