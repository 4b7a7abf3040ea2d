import { Button, Loader } from '@mantine/core';
import { useState } from 'react';
import type { SpreadBody } from '../../../../api/contract.ts';
import { instantText, wholeText } from '../../../format.ts';
import dataStyles from '../data.module.css';
import type { useDraftSpread } from './ask.ts';
import { countText, LeftOut } from './left-out.tsx';
import { Edges } from './signal-list.tsx';
import styles from './signals.module.css';
import { type Spread, SpreadNumbers, SpreadPicture, spreadSentence, tallestOf, valueText } from './spread-picture.tsx';

/** Signals that spread otherwise and are shown before somebody asks for all. */
const SHOWN = 15;

type SignalSpread = SpreadBody['signals'][number];

/** What is shown of a draft. */
export interface DraftShown {
  /** How what is in force spreads; absent: it is being measured. */
  readonly standing: SpreadBody | undefined;
  readonly draft: ReturnType<typeof useDraftSpread>;
  /** The signal that is edited; null: those who are left out. */
  readonly name: string | null;
  /** Whether the draft has errors. */
  readonly isRefused: boolean;
}

/** How the signal that is edited spreads, in force and under the draft; or how many are left out. */
export function DraftSides({ standing, draft: { spread, isSettled }, name, isRefused }: DraftShown) {
  if (isRefused)
    return (
      <p className="muted" role="status">
        The draft has errors, so nothing can be measured by it. They stand beside the fields and under the lines.
      </p>
    );
  if (spread === null)
    return (
      <p className="muted" role="status">
        <Loader size={14} /> Measuring.
      </p>
    );
  const edited =
    name === null || standing === undefined
      ? undefined
      : (spread.signals.find((one) => one.name === name) ?? same(standing, name));
  if (name === null) return <Count spread={spread} />;
  if (edited === undefined)
    return (
      <p className="muted">Give it a name, and say which events it is measured from: how it spreads stands here.</p>
    );
  return (
    <section aria-label="How it spreads" aria-busy={!isSettled} data-draft={spread.draft}>
      <Sides signal={edited} spread={spread} />
    </section>
  );
}

/** Who falls out or counts again under the draft, and which other signals spread otherwise. */
export function DraftRest({ draft: { spread, isSettled, isMeasuring }, name, isRefused }: DraftShown) {
  if (isRefused || spread === null) return null;
  const others = spread.signals.filter((one) => one.name !== name);
  return (
    <section aria-label="What spreads otherwise" aria-busy={!isSettled || isMeasuring} data-draft={spread.draft}>
      <LeftOutChange spread={spread} />
      {isMeasuring && (
        <p className="muted" role="status" style={{ margin: 'var(--bw-space-3) 0' }}>
          <Loader size={14} /> The draft changes what every signal rests on: all of them are measured, which takes some
          seconds.
        </p>
      )}
      <Others signals={others} isMeasuring={isMeasuring} isAsked={name === null || others.length > 0} />
    </section>
  );
}

/** A signal that the draft leaves as it is, on both sides. */
function same({ signals }: SpreadBody, name: string): SignalSpread | undefined {
  const found = signals.find((one) => one.name === name);
  return found === undefined ? undefined : { ...found, after: found.before };
}

function Sides({
  signal: { before, after, entity, definition },
  spread: { asOf, customers, users },
}: {
  readonly signal: SignalSpread;
  readonly spread: SpreadBody;
}) {
  const most = Math.max(...[before, after].map((side) => (side === null ? 1 : tallestOf(side))));
  const of = entity === 'account' ? countText(customers.before, 'customer') : countText(users.before, 'user');
  return (
    <div style={{ display: 'grid', gap: 'var(--bw-space-2)' }}>
      <div className={styles['bar']} style={{ margin: 0, gap: '0 var(--bw-space-3)' }}>
        <h2>How it spreads</h2>
        <span className="small muted">
          among {of}
          {entity === 'user' && ' of customers'}, as of {instantText(asOf)} UTC
          {definition !== null && `: ${definition}`}
        </span>
      </div>
      <div className={styles['sides']}>
        <Side title="In force" side="before" spread={before} most={most} none="What is in force has no such signal." />
        <Side title="Draft" side="after" spread={after} most={most} none="The draft has no such signal." />
      </div>
    </div>
  );
}

function Side({
  title,
  side,
  spread,
  most,
  none,
}: {
  readonly title: string;
  readonly side: string;
  readonly spread: Spread | null;
  readonly most: number;
  readonly none: string;
}) {
  return (
    <section
      className={styles['side']}
      aria-label={title}
      data-side={side}
      data-known={spread?.known}
      data-median={spread?.quantiles?.median}
    >
      <h3>{title}</h3>
      {spread === null ? (
        <p className={styles['absent']}>{none}</p>
      ) : (
        <>
          <p>{spreadSentence(spread)}</p>
          <SpreadPicture spread={spread} most={most} isLarge />
          <Edges spread={spread} />
          <SpreadNumbers spread={spread} />
        </>
      )}
    </section>
  );
}

type Count = SpreadBody['excluded']['after'];

const countsText = ({ users, accounts, events }: Count): string =>
  `${countText(users, 'user')}, ${countText(accounts, 'account')} and ${countText(events, 'event')}`;

function Count({ spread: { excluded, draft, base } }: { readonly spread: SpreadBody }) {
  const { before, after } = excluded;
  const isSame = countsText(before) === countsText(after);
  return (
    <section aria-label="How many are left out" data-after={`${after.users} ${after.accounts} ${after.events}`}>
      <h2>{draft === base || isSame ? 'Left out of all signals' : 'Would be left out of all signals'}</h2>
      <p>
        {countsText(after)}
        {isSame ? '.' : `, instead of ${countsText(before)}.`}
      </p>
    </section>
  );
}

function LeftOutChange({ spread: { excluded } }: { readonly spread: SpreadBody }) {
  const { out, back } = excluded;
  if ([out.account, out.user, back.account, back.user].every(({ count }) => count === 0)) return null;
  return (
    <section className={dataStyles['part']} aria-label="Who falls out, and who counts again">
      <LeftOut lists={out} count={null} verb="fall out" isLinked />
      <LeftOut lists={back} count={null} verb="count again" />
    </section>
  );
}

function Others({
  signals,
  isMeasuring,
  isAsked,
}: {
  readonly signals: readonly SignalSpread[];
  readonly isMeasuring: boolean;
  readonly isAsked: boolean;
}) {
  const [isWhole, setIsWhole] = useState(false);
  const ordered = signals.toSorted((a, b) => compareShift(a, b));
  const shown = isWhole ? ordered : ordered.slice(0, SHOWN);
  if (!isAsked || (isMeasuring && signals.length === 0)) return null;
  if (signals.length === 0) return <p className="muted">No signal spreads otherwise.</p>;
  return (
    <section className={dataStyles['part']} aria-label="Signals that spread otherwise">
      <h2>
        {signals.length === 1
          ? 'One signal spreads otherwise'
          : `${wholeText(signals.length)} signals spread otherwise`}
      </h2>
      <div className={styles['scroll']}>
        <table className={styles['changed']}>
          <thead>
            <tr>
              <th scope="col">Signal</th>
              <th scope="col">In force</th>
              <th scope="col">Draft</th>
              <th scope="col" className="number">
                Known
              </th>
              <th scope="col" className="number">
                Median
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((signal) => (
              <Changed key={`${signal.entity} ${signal.name}`} signal={signal} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < signals.length && (
        <div>
          <Button size="xs" variant="default" onClick={() => setIsWhole(true)}>
            Show all {wholeText(signals.length)}
          </Button>
        </div>
      )}
    </section>
  );
}

/** By how much of its own spread the median of a signal shifts; one that comes or goes stands before all others. */
function shiftOf({ before, after }: SignalSpread): number {
  if (before === null || after === null) return Number.POSITIVE_INFINITY;
  const [one, other] = [before.quantiles, after.quantiles];
  if (one === null || other === null) return one === other ? 0 : Number.MAX_VALUE;
  return Math.abs(other.median - one.median) / (one.p90 - one.p10 || 1);
}

/** The larger shift first; infinities are equal. */
function compareShift(a: SignalSpread, b: SignalSpread): number {
  const [one, other] = [shiftOf(a), shiftOf(b)];
  return one === other ? 0 : other - one;
}

function Changed({ signal: { name, entity, before, after } }: { readonly signal: SignalSpread }) {
  const most = Math.max(...[before, after].map((side) => (side === null ? 1 : tallestOf(side))));
  const fromTo = (text: (spread: Spread) => string): string => {
    const [one, other] = [before === null ? 'none' : text(before), after === null ? 'none' : text(after)];
    return one === other ? one : `${one} → ${other}`;
  };
  const median = ({ quantiles, values }: Spread): string =>
    quantiles === null ? (values?.[0]?.value ?? 'unknown') : valueText(quantiles.median);
  return (
    <tr>
      <td>
        <code>{name}</code> <span className="small muted">{entity === 'user' && 'of users'}</span>
      </td>
      <td>
        {before === null ? <span className="muted">not there</span> : <SpreadPicture spread={before} most={most} />}
      </td>
      <td>{after === null ? <span className="muted">gone</span> : <SpreadPicture spread={after} most={most} />}</td>
      <td className="number">{fromTo(({ known, of }) => `${wholeText(known)} of ${wholeText(of)}`)}</td>
      <td className="number">{fromTo(median)}</td>
    </tr>
  );
}
