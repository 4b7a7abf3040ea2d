import type { MigrationBody } from '../../../api/contract.ts';
import { changeText, moneyText, wholeText } from '../../format.ts';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import styles from './moves.module.css';

type Flow = MigrationBody['flows'][number];

const NONE = '';

/** The flow in numbers: a row for where accounts were, a column for where they are; a number leads to its moves. */
export function Matrix({
  flows,
  names,
  by,
  currency,
  onPick,
}: {
  readonly flows: readonly Flow[];
  readonly names: readonly string[];
  readonly by: 'accounts' | 'arr';
  readonly currency: string;
  readonly onPick: (from: string, to: string) => void;
}) {
  const sides = [...names, ...(flows.some(({ from, to }) => from === null || to === null) ? [NONE] : [])];
  const cells = new Map(flows.map((flow) => [JSON.stringify([flow.from ?? NONE, flow.to ?? NONE]), flow]));
  const textOf = ({ accounts, arr }: Flow): string =>
    by === 'accounts' ? wholeText(accounts) : arr === null ? 'unknown' : moneyText(arr, currency);
  return (
    <section className={styles['scroll']} aria-label="From where to where" tabIndex={0}>
      <table className={styles['matrix']}>
        <thead>
          <tr>
            <th scope="col">from ↓ to →</th>
            {sides.map((name) => (
              <th key={name} scope="col">
                {name === NONE ? 'none' : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sides.map((from) => (
            <tr key={from}>
              <th scope="row">
                <SegmentChip segment={from === NONE ? null : from} whyNone="" />
              </th>
              {sides.map((to) => {
                const flow = cells.get(JSON.stringify([from, to]));
                if (flow === undefined) return <td key={to}>·</td>;
                return (
                  <td key={to} className={from === to ? styles['stayed'] : ''}>
                    {from === to ? (
                      textOf(flow)
                    ) : (
                      <button
                        type="button"
                        aria-label={`${textOf(flow)} from ${from || 'none'} to ${to || 'none'}: show them`}
                        onClick={() => onPick(from, to)}
                      >
                        {textOf(flow)}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What every segment gained and lost. */
export function NetFlow({
  segments,
  currency,
}: {
  readonly segments: MigrationBody['segments'];
  readonly currency: string;
}) {
  return (
    <section className={styles['scroll']} aria-label="Net flow" tabIndex={0}>
      <table className={styles['matrix']}>
        <thead>
          <tr>
            <th scope="col">Segment</th>
            <th scope="col">then</th>
            <th scope="col">came</th>
            <th scope="col">left</th>
            <th scope="col">now</th>
            <th scope="col">net</th>
            <th scope="col">net ARR</th>
          </tr>
        </thead>
        <tbody>
          {segments.map(({ name, atStart, came, left, atEnd, netArr }) => (
            <tr key={name}>
              <th scope="row">
                <SegmentChip segment={name} />
              </th>
              <td>{wholeText(atStart)}</td>
              <td>{wholeText(came)}</td>
              <td>{wholeText(left)}</td>
              <td>{wholeText(atEnd)}</td>
              <td>{changeText(came - left)}</td>
              <td>{changeText(netArr, (size) => moneyText(size, currency))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
