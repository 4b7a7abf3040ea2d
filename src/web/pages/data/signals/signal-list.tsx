import { Button } from '@mantine/core';
import type { SpreadBody } from '../../../../api/contract.ts';
import { wholeText, wordText } from '../../../format.ts';
import styles from './signals.module.css';
import { type Spread, SpreadNumbers, SpreadPicture, spreadSentence, valueText } from './spread-picture.tsx';

type SignalSpread = SpreadBody['signals'][number];

/** Every signal in a line: what it is, how it spreads, of how many it is known; opened, with its numbers. */
export function SignalList({
  signals,
  onEdit,
}: {
  readonly signals: readonly SignalSpread[];
  /** Null: this person may not edit. */
  readonly onEdit: ((name: string) => void) | null;
}) {
  return (
    <ul className={styles['list']} aria-label="Signals">
      {signals.map((signal) => (
        <li key={`${signal.entity} ${signal.name}`} className={styles['item']} data-signal={signal.name}>
          <details>
            <summary className={styles['row']}>
              <span className={styles['name']}>
                <code>{signal.name}</code>
                {signal.definition !== null && <span className={styles['own']}>own</span>}
                <span className="small muted">
                  {signal.entity === 'user' ? 'of users' : 'of accounts'}, {wordText(signal.unit)}. {signal.meaning}
                </span>
              </span>
              {signal.before !== null && <SpreadPicture spread={signal.before} />}
              {signal.before !== null && <span className="small number">{shortOf(signal.before)}</span>}
              {signal.before !== null && <Known spread={signal.before} />}
            </summary>
            <Detail signal={signal} onEdit={onEdit} />
          </details>
        </li>
      ))}
    </ul>
  );
}

function shortOf({ quantiles, values }: Spread): string {
  if (quantiles !== null) return `median ${valueText(quantiles.median)}, to ${valueText(quantiles.most)}`;
  const [first] = values ?? [];
  return first === undefined ? 'nobody known' : `most ${first.value}`;
}

function Known({ spread: { known, of } }: { readonly spread: Spread }) {
  return (
    <span className={`${styles['known']} small`}>
      <span data-known={known} data-of={of}>
        {known === of ? `all ${wholeText(of)} known` : `${wholeText(known)} of ${wholeText(of)} known`}
      </span>
      <span className={styles['track']} aria-hidden>
        <span className={styles['fill']} style={{ width: `${of === 0 ? 0 : (100 * known) / of}%` }} />
        {known < of && <span className={styles['rest']} />}
      </span>
    </span>
  );
}

function Detail({
  signal: { name, entity, definition, meaning, inputs, requirement, before, unit },
  onEdit,
}: {
  readonly signal: SignalSpread;
  readonly onEdit: ((name: string) => void) | null;
}) {
  if (before === null) return null;
  return (
    <div className={styles['detail']}>
      <div>
        <p style={{ fontWeight: 500 }}>{spreadSentence(before)}</p>
        <SpreadPicture spread={before} isLarge />
        <Edges spread={before} />
      </div>
      <div style={{ display: 'grid', gap: 'var(--bw-space-3)', alignContent: 'start', justifyItems: 'start' }}>
        <p>
          {definition === null ? meaning : <code>{definition}</code>}
          <span className="small muted" style={{ display: 'block' }}>
            One value for each {entity}, in {wordText(unit)}, from {inputs.map(wordText).join(', ')}
            {requirement === 'own' ? '' : ` (${requirement})`}
          </span>
        </p>
        <SpreadNumbers spread={before} />
        {definition !== null && onEdit !== null && (
          <Button size="xs" variant="default" onClick={() => onEdit(name)} aria-label={`Edit ${name}`}>
            Edit
          </Button>
        )}
      </div>
    </div>
  );
}

/** Where the bars begin and end, and what stands beside them. */
export function Edges({ spread: { bins, of, known } }: { readonly spread: Spread }) {
  if (bins === null) return null;
  return (
    <div className={styles['edges']} aria-hidden>
      <span>{valueText(bins.low)}</span>
      <span>
        {valueText(bins.high)}
        {bins.above > 0 && `, ${wholeText(bins.above)} above`}
        {of > known && `, ${wholeText(of - known)} unknown (dotted)`}
      </span>
    </div>
  );
}
