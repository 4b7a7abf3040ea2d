import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ExplanationBody } from '../../../api/contract.ts';
import { dayText, wordText } from '../../format.ts';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import { Term } from '../../parts/term.tsx';
import { Unknown } from '../../parts/unknown.tsx';
import styles from './account.module.css';
import { explainQuery } from './ask-account.ts';
import { RuleTree } from './rule-tree.tsx';
import { Coming, Section } from './section.tsx';
import { valueText } from './value-text.ts';

/** Question: why is it in this segment, and what would move it? */
export function Why({
  id,
  asOf,
  part,
}: {
  readonly id: string;
  readonly asOf: string;
  /** What is asked first: of now what can be told at once. */
  readonly part: 'now' | 'all';
}) {
  const { data, error } = useQuery(explainQuery(id, asOf, part));
  const all = useQuery({ ...explainQuery(id, asOf, 'all'), enabled: data !== undefined });
  return (
    <Section id="why" title="Why this segment">
      {data === undefined ? (
        <Coming height={260} error={error} what="The reason" />
      ) : (
        <Reason
          explanation={data}
          beside={
            all.data === undefined ? (
              <Coming height={96} error={all.error} what="What changed last" />
            ) : (
              <>
                {all.data.changedLast !== null && <LastChange change={all.data.changedLast} />}
                {all.data.smallestChange !== null && (
                  <NextSegment change={all.data.smallestChange} segment={data.account.segment} />
                )}
              </>
            )
          }
        />
      )}
    </Section>
  );
}

function Reason({ explanation, beside }: { readonly explanation: ExplanationBody; readonly beside: ReactNode }) {
  const { account, because, rules, cohortRules, values } = explanation;
  const decides = rules.filter((rule) => rule.decides);
  const cohort = cohortRules.filter((rule) => rule.decides);
  const others = [...rules.filter((rule) => !rule.decides), ...cohortRules.filter((rule) => !rule.decides)];
  return (
    <>
      <p className={styles['because']}>{because}</p>
      {account.waiting != null && (
        <p className={styles['note']}>
          The rules say {account.waiting.segment} already. It moves on {dayText(account.waiting.moveOn)} if they still
          do.
        </p>
      )}
      {[...decides, ...cohort].map((rule) => (
        <RuleTree key={rule.segment} rule={rule} values={values} />
      ))}
      {beside}
      <Missing unknown={account.unknown} />
      <Others rules={others} values={values} />
    </>
  );
}

function LastChange({ change }: { readonly change: NonNullable<ExplanationBody['changedLast']> }) {
  return (
    <div className={styles['note']} data-part="changed-last">
      <strong>Changed last, on {dayText(change.on)}</strong>
      {change.inputs.map(({ name, before, after }) => (
        <span key={name}>
          {wordText(name)} went from {valueText(before) ?? 'unknown'} to {valueText(after) ?? 'unknown'}, so “
          {change.condition}” {change.to === null ? 'is unknown' : change.to ? 'holds' : 'no longer holds'}.
        </span>
      ))}
    </div>
  );
}

function NextSegment({
  change,
  segment,
}: {
  readonly change: NonNullable<ExplanationBody['smallestChange']>;
  /** Where it is now; the rules may say another already, which has not lasted long enough. */
  readonly segment: string | null;
}) {
  return (
    <div className={styles['note']} data-part="smallest-change">
      <strong>
        {change.to === segment ? 'What would keep it where it is:' : 'Nearest other segment:'}{' '}
        <SegmentChip segment={change.to} whyNone="" />
      </strong>
      {change.changes.map(({ name, from, to, size }) => (
        <span key={name}>
          {wordText(name)} from {valueText(from) ?? 'unknown'} to {valueText(to) ?? 'unknown'}
          {size !== null && <span className="muted"> · {distanceText(size)}</span>}
        </span>
      ))}
    </div>
  );
}

/** How far a change is, held against how widely customers spread. */
function distanceText(size: number): string {
  if (size < 0.25) return 'a small step among your customers';
  return size < 1
    ? 'within the middle half of your customers'
    : `${size.toFixed(1)} times the middle half of your customers`;
}

function Missing({ unknown }: { readonly unknown: ExplanationBody['account']['unknown'] }) {
  if (unknown.length === 0) return null;
  return (
    <p>
      <Term word="unknown">Unknown</Term> and therefore not held against it:{' '}
      {unknown.map(({ signal, reason }, index) => (
        <span key={signal}>
          {index > 0 && ', '}
          {wordText(signal)} <Unknown why={reason} />
        </span>
      ))}
      . <a href="/data">See which sources fill it</a>
    </p>
  );
}

function Others({
  rules,
  values,
}: {
  readonly rules: readonly ExplanationBody['rules'][number][];
  readonly values: ExplanationBody['values'];
}) {
  const [isOpen, setIsOpen] = useState(false);
  if (rules.length === 0) return null;
  return (
    <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>The other rules, and why they do not decide</summary>
      {isOpen && (
        <div style={{ display: 'grid', gap: 'var(--bw-space-4)', marginTop: 'var(--bw-space-3)' }}>
          {rules.map((rule) => (
            <RuleTree key={rule.segment} rule={rule} values={values} />
          ))}
        </div>
      )}
    </details>
  );
}
