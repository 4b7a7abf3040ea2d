import { Button, Loader } from '@mantine/core';
import { useCallback } from 'react';
import type { PreviewBody } from '../../../api/contract.ts';
import { changeText, exactMoneyText, instantText, moneyText, wholeText, wordText } from '../../format.ts';
import { Chart } from '../../parts/chart.tsx';
import type { ChartInk } from '../../parts/chart-theme.ts';
import { flowOption } from '../../parts/flow-option.ts';
import { accountPath, PageLink } from '../../parts/page-link.tsx';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import { Words } from '../../parts/words.tsx';
import { useSegmentLooks } from '../../shell/workspace.ts';
import styles from './model.module.css';

type Plan = NonNullable<PreviewBody['plan']>;

const SHOWN = 10;

/** What the draft would change, by the rules alone: who moves with which ARR, and what comes of it. */
export function Preview({
  plan,
  currency,
  isAsking,
  onMeasure,
}: {
  readonly plan: Plan | null | undefined;
  readonly currency: string;
  readonly isAsking: boolean;
  readonly onMeasure: () => void;
}) {
  if (plan === undefined)
    return (
      <p className="muted" style={{ marginTop: 'var(--bw-space-5)' }}>
        <Loader size={14} /> Measuring every account once; previews after that are at once.
      </p>
    );
  if (plan === null)
    return (
      <p className="muted" style={{ marginTop: 'var(--bw-space-5)' }}>
        The draft has errors, so nobody can say what it would change. They are under the lines above.
      </p>
    );
  const arr = plan.moves.reduce((sum, move) => sum + (move.arr ?? 0), 0);
  return (
    <section aria-label="Preview" aria-busy={isAsking} data-draft={plan.draft}>
      <div className={styles['bar']} style={{ marginTop: 'var(--bw-space-5)', marginBottom: 0 }}>
        <h2 aria-live="polite">
          {plan.moves.length === 0
            ? 'Nobody would move'
            : `${wholeText(plan.moves.length)} of ${wholeText(plan.customers)} customers would move, with ${moneyText(arr, currency)} ARR`}
        </h2>
        <span className="small muted">by the rules alone, as of {instantText(plan.asOf)} UTC</span>
      </div>
      {plan.unmeasured.length > 0 && (
        <p className={styles['note']}>
          The draft measures {plan.unmeasured.join(', ')} otherwise, and that is not in this preview yet.{' '}
          <Button variant="default" size="compact-sm" loading={isAsking} onClick={onMeasure}>
            Measure it
          </Button>
        </p>
      )}
      <div className={styles['preview']}>
        <div style={{ display: 'grid', gap: 'var(--bw-space-5)', alignContent: 'start' }}>
          {plan.moves.length > 0 && <MovesOf plan={plan} currency={currency} />}
          <SegmentsOf plan={plan} currency={currency} />
        </div>
        <div style={{ display: 'grid', gap: 'var(--bw-space-5)', alignContent: 'start' }}>
          {plan.moves.length > 0 && <FlowOf plan={plan} currency={currency} />}
          <Consequences plan={plan} />
        </div>
      </div>
    </section>
  );
}

function MovesOf({ plan: { moves }, currency }: { readonly plan: Plan; readonly currency: string }) {
  return (
    <section className={styles['scroll']} aria-label="Who would move">
      <table className={styles['rows']}>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col" className="number">
              ARR
            </th>
          </tr>
        </thead>
        <tbody>
          {moves.slice(0, SHOWN).map(({ accountId, name, from, to, arr }) => (
            <tr key={accountId}>
              <td>
                <PageLink to={accountPath(accountId)}>{name ?? accountId}</PageLink>
              </td>
              <td>
                <SegmentChip segment={from} whyNone="" />
              </td>
              <td>
                <SegmentChip segment={to} whyNone="" />
              </td>
              <td className="number" title={arr === null ? '' : exactMoneyText(arr, currency)}>
                {arr === null ? 'unknown' : moneyText(arr, currency)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {moves.length > SHOWN && <p className="small muted">and {wholeText(moves.length - SHOWN)} more with less ARR</p>}
    </section>
  );
}

function FlowOf({ plan: { flows }, currency }: { readonly plan: Plan; readonly currency: string }) {
  const looks = useSegmentLooks();
  const option = useCallback(
    (ink: ChartInk) => {
      const text = (value: number): string => moneyText(value, currency);
      return flowOption(flows, { looks, by: 'accounts', text, sides: ['in force', 'draft'] }, ink);
    },
    [flows, looks, currency],
  );
  const [largest] = flows;
  return (
    <Chart
      title={
        largest === undefined
          ? 'Nobody would move'
          : `Most would go from ${largest.from ?? 'none'} to ${largest.to ?? 'none'}: ${wholeText(largest.accounts)}`
      }
      file="draft-moves"
      height={220}
      option={option}
      table={{
        columns: [
          { name: 'From' },
          { name: 'To' },
          { name: 'Accounts', text: wholeText },
          { name: `ARR (${currency})`, text: (value) => moneyText(value, currency) },
        ],
        rows: flows.map(({ from, to, accounts, arr }) => [from ?? 'none', to ?? 'none', accounts, arr]),
      }}
    />
  );
}

function SegmentsOf({ plan: { segments, rules }, currency }: { readonly plan: Plan; readonly currency: string }) {
  return (
    <section className={styles['scroll']} aria-label="Segments before and after">
      <table className={styles['rows']}>
        <thead>
          <tr>
            <th scope="col">Segment</th>
            <th scope="col" className="number">
              Accounts
            </th>
            <th scope="col" className="number">
              ARR
            </th>
            <th scope="col" className="number">
              People
            </th>
            <th scope="col">Its rule reads</th>
          </tr>
        </thead>
        <tbody>
          {segments.map(({ name, before, after, peopleBefore, peopleAfter }) => (
            <tr key={name}>
              <td>
                <SegmentChip segment={name} />
              </td>
              <td className="number">
                {wholeText(after?.accounts ?? 0)} <Change by={(after?.accounts ?? 0) - (before?.accounts ?? 0)} />
              </td>
              <td className="number">
                {after?.arr == null ? '—' : moneyText(after.arr, currency)}{' '}
                <Change by={(after?.arr ?? 0) - (before?.arr ?? 0)} text={(size) => moneyText(size, currency)} />
              </td>
              <td className="number">
                {peopleAfter === null ? '—' : wholeText(peopleAfter)}{' '}
                <Change by={(peopleAfter ?? 0) - (peopleBefore ?? 0)} />
              </td>
              <td className="small muted">
                {rules.find(({ segment }) => segment === name)?.dimensions.join(', ') ?? 'no more in the model'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Change({ by, text = wholeText }: { readonly by: number; readonly text?: (size: number) => string }) {
  return by === 0 ? null : <span className="small muted">({changeText(by, text)})</span>;
}

function Consequences({ plan: { alerts, unknown, changes } }: { readonly plan: Plan }) {
  const otherwise = alerts.filter(({ before, after }) => before !== after);
  const lost = unknown.filter(({ before, after }) => before !== after);
  return (
    <>
      <section aria-label="What changes">
        <h3>What changes in the model</h3>
        <ul className={styles['words']}>
          {changes.map(({ path, words }) => (
            <li key={path}>
              <Words>{words}</Words>
            </li>
          ))}
        </ul>
        {changes.length === 0 && <p className="muted">Nothing that means anything to the rules.</p>}
      </section>
      <section aria-label="What would be told">
        <h3>What would be told, and to whom it would be unknown</h3>
        <ul className={styles['words']}>
          {otherwise.map(({ segment, name, before, after }) => (
            <li key={`${segment} ${name}`}>
              {wordText(name)} of {segment}: {wholeText(after)} accounts instead of {wholeText(before)}
            </li>
          ))}
          {lost.map(({ name, before, after }) => (
            <li key={name}>
              {name}: read of {wholeText(after)} customers without data for it, instead of {wholeText(before)}
            </li>
          ))}
        </ul>
        {otherwise.length + lost.length === 0 && (
          <p className="muted">No alert more or less, and nothing becomes unknown.</p>
        )}
      </section>
    </>
  );
}
