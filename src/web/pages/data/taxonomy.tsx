import { Anchor, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { TaxonomyBody } from '../../../api/contract.ts';
import { agoText, shareText, wholeText, wordText } from '../../format.ts';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { useMay } from '../../shell/session.ts';
import { baseOf, draftOn, leaveDraft, useModel } from '../model/draft.ts';
import { knownQuery, taxonomyQuery } from './ask-data.ts';
import styles from './data.module.css';
import type { EventPlace } from './taxonomy-edit.ts';

type EventCount = TaxonomyBody['unplanned'][number];

/** Question: which events mean something, and which does nothing name yet? */
export function TaxonomyTab() {
  const { data, error } = useQuery(taxonomyQuery);
  const now = Date.parse(useQuery(knownQuery).data?.now ?? '') || 0;
  const most = Math.max(1, ...(data?.areas.flatMap(({ events }) => events.map((each) => each.events)) ?? []));
  return (
    <>
      <RefusalNote error={error} />
      <div className={styles['taxonomy']}>
        <div>
          {data?.areas.map(({ name, marks, events }) => (
            <section
              key={name}
              className={styles['part']}
              style={{ marginBottom: 'var(--bw-space-5)', gap: 4 }}
              aria-label={name}
            >
              <h3>
                {wordText(name)} <span className="small muted">{marks.join(', ')}</span>
              </h3>
              <Events events={events} most={most} />
            </section>
          ))}
          {data?.areas.length === 0 && <p className="muted">No feature area yet. Put the events beside into one.</p>}
        </div>
        <div>
          <Unplanned use={data} now={now} />
          <Small
            title="Proxies"
            lead="Activity, and never a milestone: logins and page views."
            events={data?.proxies}
          />
          <Small title="Ignored" lead="Counted for nothing." events={data?.ignored} />
          <Small
            title="Named elsewhere"
            lead="By activation, a workflow or a signal, in no area."
            events={data?.elsewhere}
          />
          <p className="small muted">
            What is measured from events, and who is left out: <Link to="/data/signals">Signals</Link>. The same for
            machines: <code>bellwether taxonomy --json</code>
          </p>
        </div>
      </div>
    </>
  );
}

function Events({ events, most }: { readonly events: readonly EventCount[]; readonly most: number }) {
  return (
    <ul className={styles['list']}>
      {events.map(({ event, events: count, users, accounts }) => (
        <li key={event} className={styles['event']}>
          <span title={`${wholeText(users)} users in ${wholeText(accounts)} accounts`}>
            {event}
            {count === 0 && (
              <span className="small" style={{ color: 'var(--bw-warn)' }}>
                {' '}
                ! did not come in 30 days
              </span>
            )}
          </span>
          <span aria-hidden>
            <span className={styles['bar']} style={{ width: `${(100 * count) / most}%` }} />
          </span>
          <span className="number">{wholeText(count)}</span>
        </li>
      ))}
    </ul>
  );
}

function Small({
  title,
  lead,
  events,
}: {
  readonly title: string;
  readonly lead: string;
  readonly events: readonly EventCount[] | undefined;
}) {
  if (events === undefined || events.length === 0) return null;
  return (
    <section className={styles['part']} aria-label={title} style={{ gap: 4, marginBottom: 'var(--bw-space-5)' }}>
      <h3>{title}</h3>
      <p className="small muted">{lead}</p>
      <Events events={events} most={Math.max(1, ...events.map((each) => each.events))} />
    </section>
  );
}

function Unplanned({ use, now }: { readonly use: TaxonomyBody | undefined; readonly now: number }) {
  const may = useMay('model.read');
  const model = useModel().data;
  const [put, setPut] = useState<Readonly<Record<string, string>>>({});
  const [fault, setFault] = useState<string | null>(null);
  const navigate = useNavigate();
  const place = async (event: string, where: string, label: string) => {
    if (model === undefined) return;
    const { withEvent } = await import('./taxonomy-edit.ts');
    const next = withEvent(draftOn(model) ?? model.text, event, placeOf(where));
    if (next === null)
      return setFault('The draft in this browser is no YAML as it stands. Open the editor and mend it.');
    leaveDraft(baseOf(model), next);
    setFault(null);
    setPut((before) => ({ ...before, [event]: label }));
  };
  const places = (use?.areas ?? []).map(({ name }) => ({ value: `area:${name}`, label: wordText(name) }));
  const count = Object.keys(put).length;
  return (
    <section className={styles['part']} aria-labelledby="unplanned" style={{ marginBottom: 'var(--bw-space-5)' }}>
      <h2 id="unplanned">
        Unplanned <span className="muted">{use === undefined ? '' : wholeText(use.unplanned.length)}</span>
      </h2>
      <p className={styles['lead']}>
        {use?.plannedShare == null
          ? 'No event came in 30 days.'
          : `The model names ${shareText(use.plannedShare)} of the events of ${use.days} days. These it does not name.`}
      </p>
      {use?.unplanned.length === 0 && <p className="muted">Every event that came is named.</p>}
      {fault !== null && (
        <p role="alert" style={{ color: 'var(--bw-bad)' }}>
          {fault}
        </p>
      )}
      <ul className={styles['list']}>
        {use?.unplanned.map(({ event, events, users, last }) => (
          <li key={event} className={styles['unplanned']}>
            <span style={{ overflowWrap: 'anywhere' }}>
              {event}
              <span className="small muted" style={{ display: 'block' }}>
                {wholeText(users)} {users === 1 ? 'user' : 'users'}
                {last === null || now === 0 ? '' : `, ${agoText(last, now)}`}
              </span>
            </span>
            <span className="number">{wholeText(events)}</span>
            {may && put[event] === undefined ? (
              <PutInto
                event={event}
                areas={places}
                isReady={model !== undefined}
                onPlace={(where, label) => void place(event, where, label)}
              />
            ) : (
              <span className="small">{put[event] !== undefined && `→ ${put[event]}, in the draft`}</span>
            )}
          </li>
        ))}
      </ul>
      {count > 0 && (
        <p role="status">
          {count === 1 ? 'One event is' : `${wholeText(count)} events are`} in a draft of the model.{' '}
          <Anchor component="button" onClick={() => void navigate({ to: '/model', search: {} })}>
            See what it would change, and publish it
          </Anchor>
        </p>
      )}
    </section>
  );
}

const placeOf = (where: string): EventPlace =>
  where === 'proxies' || where === 'ignore' ? where : { area: where.replace(/^area:/, '') };

const NOWHERE = [
  { value: 'proxies', label: 'proxies' },
  { value: 'ignore', label: 'ignored' },
];

function PutInto({
  event,
  areas,
  isReady,
  onPlace,
}: {
  readonly event: string;
  readonly areas: readonly { readonly value: string; readonly label: string }[];
  /** Whether the model that it goes into is known. */
  readonly isReady: boolean;
  readonly onPlace: (where: string, label: string) => void;
}) {
  return (
    <Select
      size="xs"
      aria-label={`Put ${event} into`}
      placeholder="Put into"
      disabled={!isReady}
      searchable
      data={[
        { group: 'Area', items: [...areas] },
        { group: 'No area', items: NOWHERE },
      ]}
      value={null}
      onChange={(where, option) => {
        if (where !== null) onPlace(where, option?.label ?? where);
      }}
    />
  );
}
