import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { EvidenceAnswers } from '../../../api/evidence-answers.ts';
import { shareText, wholeText } from '../../format.ts';
import { Money } from '../../parts/money.tsx';
import { Term } from '../../parts/term.tsx';
import { evidenceQuery } from './ask-evidence.ts';
import styles from './evidence.module.css';

type Ground = EvidenceAnswers['ground'];

/** Whether there is enough to test anything at all; it stands above every answer. */
export function GroundStrip({ asOf }: { readonly asOf: string | undefined }) {
  const { data } = useQuery(evidenceQuery('ground', asOf));
  if (data?.kind !== 'answered') return <Skeleton height={84} mb="md" radius="md" />;
  const ground = data.body.answer as Ground;
  return (
    <section className={styles['ground']} aria-label="What there is to test with">
      <p>{ground.sentence}</p>
      <Fact name="customers ever" value={wholeText(ground.everCustomers)} />
      <Fact name="churns" value={wholeText(ground.churns)} />
      <Fact name="customer-years" value={wholeText(ground.customerYears)} />
      {ground.yearlyChurn !== null && <Fact name="churn a year" value={shareText(ground.yearlyChurn)} />}
      {ground.arrLostPerYear !== null && (
        <div className={styles['fact']}>
          <strong>
            <Money value={ground.arrLostPerYear} />
          </strong>
          <span className="small muted">
            <Term word="ARR" /> lost a year
          </span>
        </div>
      )}
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className={styles['fact']}>
      <strong>{value}</strong>
      <span className="small muted">{name}</span>
    </div>
  );
}
