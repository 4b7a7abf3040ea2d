import { Button, SegmentedControl, Skeleton, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { SpreadBody } from '../../../../api/contract.ts';
import { Refusal } from '../../../ask.ts';
import { instantText, wholeText } from '../../../format.ts';
import { RefusalNote } from '../../../parts/refusal-note.tsx';
import { Term } from '../../../parts/term.tsx';
import { useTyped } from '../../../parts/typed.ts';
import { useMay } from '../../../shell/session.ts';
import { baseOf, useModel } from '../../model/draft.ts';
import dataStyles from '../data.module.css';
import { spreadQuery } from './ask.ts';
import { LeftOut } from './left-out.tsx';
import type { SignalsSearch } from './search.ts';
import { SignalList } from './signal-list.tsx';
import styles from './signals.module.css';

const QUIET_MILLIS = 150;

const Edit = lazy(() => import('./edit.tsx').then((module) => ({ default: module.Edit })));

/** Question: what is measured of everybody, how does it spread, and who is left out of it? */
export function SignalsTab() {
  const search = useSearch({ from: '/inside/data/signals' });
  const mayEdit = useMay('model.write');
  const model = useModel().data;
  const { data, error } = useQuery(spreadQuery);
  const isEmpty = error instanceof Refusal && error.status === 409;
  const isEditing = mayEdit && (search.edit !== undefined || search.leaveOut === 'yes');
  if (isEditing)
    return (
      <Suspense fallback={<Skeleton height={560} radius="lg" />}>
        {model === undefined ? (
          <Skeleton height={560} radius="lg" />
        ) : (
          <Edit key={baseOf(model)} model={model} standing={data} />
        )}
      </Suspense>
    );
  return (
    <>
      {isEmpty ? <Empty /> : <RefusalNote error={error} />}
      {data === undefined && error === null && <Waiting />}
      {data !== undefined && <Standing spread={data} search={search} mayEdit={mayEdit} />}
    </>
  );
}

function Empty() {
  return (
    <p className={dataStyles['lead']}>
      Nothing can be measured before events have come. <Link to="/data/upload">Upload a file</Link>: how every signal
      spreads stands here then.
    </p>
  );
}

function Waiting() {
  return (
    <div role="status" style={{ display: 'grid', gap: 'var(--bw-space-3)', maxWidth: 1280 }}>
      <p className="muted">Every signal is measured once. That takes a few seconds; after that it is at hand.</p>
      {[0, 1, 2, 3, 4, 5, 6, 7].map((place) => (
        <Skeleton key={place} height={44} />
      ))}
    </div>
  );
}

function Standing({
  spread,
  search,
  mayEdit,
}: {
  readonly spread: SpreadBody;
  readonly search: SignalsSearch;
  readonly mayEdit: boolean;
}) {
  const navigate = useNavigate({ from: '/data/signals' });
  const go = (next: SignalsSearch) => void navigate({ to: '/data/signals', search: next });
  const shown = spread.signals.filter((signal) => isAsked(search, signal));
  return (
    <>
      <section className={dataStyles['part']} aria-labelledby="signals">
        <h2 id="signals">
          Signals <span className="muted">{wholeText(spread.signals.length)}</span>
        </h2>
        <p className={dataStyles['lead']}>
          Each <Term word="signal" /> among {wholeText(spread.customers.before)} customers and{' '}
          {wholeText(spread.users.before)} users of theirs, as of {instantText(spread.asOf)} UTC. Who is{' '}
          <Term word="unknown" /> is counted apart.
        </p>
        <Filters
          search={search}
          mayEdit={mayEdit}
          onChange={(next) => void navigate({ to: '/data/signals', search: next, replace: true })}
          onAdd={() => go({ edit: '+' })}
        />
        {spread.customers.before === 0 && (
          <p>
            No customer yet, so nothing can be measured. <Link to="/data/upload">Upload accounts and contracts</Link>.
          </p>
        )}
        {shown.length === 0 && <p className="muted">No signal is called like that.</p>}
        <SignalList signals={shown} onEdit={mayEdit ? (name) => go({ edit: name }) : null} />
        <p className="small muted">
          The same for machines: <code>bellwether signals spread --json</code>
        </p>
      </section>
      <section className={dataStyles['part']} aria-labelledby="left-out">
        <h2 id="left-out">Left out of all signals</h2>
        <Excluded spread={spread} onEdit={mayEdit ? () => go({ leaveOut: 'yes' }) : null} />
      </section>
    </>
  );
}

function isAsked({ of = '', only }: SignalsSearch, signal: SpreadBody['signals'][number]): boolean {
  const { name, meaning, entity, definition } = signal;
  if (only === 'own' ? definition === null : only !== undefined && entity !== only) return false;
  return `${name} ${meaning}`.toLowerCase().includes(of.toLowerCase());
}

function Filters({
  search,
  mayEdit,
  onChange,
  onAdd,
}: {
  readonly search: SignalsSearch;
  readonly mayEdit: boolean;
  readonly onChange: (next: (before: SignalsSearch) => SignalsSearch) => void;
  readonly onAdd: () => void;
}) {
  const { text, type } = useTyped(search.of ?? '', QUIET_MILLIS, (value) =>
    onChange(({ of: _, ...rest }) => (value === '' ? rest : { ...rest, of: value })),
  );
  return (
    <div className={styles['bar']}>
      <TextInput
        size="xs"
        w={220}
        aria-label="Name or meaning"
        placeholder="Name or meaning"
        value={text}
        onChange={({ currentTarget: { value } }) => type(value)}
      />
      <SegmentedControl
        size="xs"
        aria-label="Which signals"
        data={[
          { value: '', label: 'All' },
          { value: 'own', label: 'Own' },
          { value: 'account', label: 'Accounts' },
          { value: 'user', label: 'Users' },
        ]}
        value={search.only ?? ''}
        onChange={(value) =>
          onChange(({ only: _, ...rest }) =>
            value === '' ? rest : { ...rest, only: value as 'own' | 'account' | 'user' },
          )
        }
      />
      <span style={{ flex: 1 }} />
      {mayEdit && (
        <Button size="xs" onClick={onAdd}>
          Add a signal
        </Button>
      )}
    </div>
  );
}

function Excluded({ spread, onEdit }: { readonly spread: SpreadBody; readonly onEdit: (() => void) | null }) {
  const { exclude, excluded } = spread;
  const isNobody = exclude.users === null && exclude.accounts === null;
  return (
    <>
      {isNobody ? (
        <p className={dataStyles['lead']}>
          Nobody is left out. Your own people and test accounts use the product too, and count as customers do until you
          say who they are.
        </p>
      ) : (
        <p className={dataStyles['lead']}>
          {exclude.users !== null && (
            <>
              Users with <code>{exclude.users}</code>.{' '}
            </>
          )}
          {exclude.accounts !== null && (
            <>
              Accounts with <code>{exclude.accounts}</code>.
            </>
          )}
        </p>
      )}
      {!isNobody && <LeftOut lists={excluded.out} count={excluded.after} verb="left out" />}
      {onEdit !== null && (
        <div>
          <Button size="xs" variant="default" onClick={onEdit}>
            {isNobody ? 'Leave somebody out' : 'Change who is left out'}
          </Button>
        </div>
      )}
    </>
  );
}
