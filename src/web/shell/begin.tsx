import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import type { FreshnessBody } from '../../api/contract.ts';
import { ask } from '../ask.ts';
import { FirstAnswers } from './first-answers.tsx';
import { useMay } from './session.ts';
import styles from './shell.module.css';

const ASK_MILLIS = 3_000;
/** Facts of which any tells the day, without which nothing can be answered. */
const DATED: readonly string[] = ['events', 'tickets', 'nps'];
/** Pages that have something to show, and something to do, before there is any data. */
const OPEN = /^\/(?:data|settings|model)(?:\/|$)/;

const STEPS = [
  { table: 'accounts', name: 'Accounts', why: 'who your customers are: name, size, industry' },
  { table: 'contracts', name: 'Contracts', why: 'who pays what, from when to when' },
  { table: 'users', name: 'Users', why: 'the people in each account, with their roles' },
  { table: 'events', name: 'Events', why: 'what these people do in your product, and when' },
] as const;

/** The page that was asked for; until there is something to tell, what to begin with. */
export function BegunOutlet() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const mayRead = useMay('data.read');
  const { data } = useQuery({
    queryKey: ['freshness'],
    queryFn: ({ signal }) => ask<FreshnessBody>('/api/v1/freshness', { signal }),
    enabled: mayRead,
    refetchInterval: ({ state }) => (isBegun(state.data) ? false : ASK_MILLIS),
  });
  if (!isBegun(data) && !OPEN.test(path)) return <Begin here={new Set(data?.inputs.map(({ table }) => table))} />;
  // One tree for both: a page that is open keeps what was typed into it when the first data come in.
  return (
    <>
      <FirstAnswers />
      <Outlet />
    </>
  );
}

/** Whether anything can be told; where nobody knows yet, the page is tried. */
const isBegun = (freshness: FreshnessBody | undefined): boolean =>
  freshness === undefined || freshness.inputs.some(({ table }) => DATED.includes(table));

function Begin({ here }: { readonly here: ReadonlySet<string> }) {
  const mayImport = useMay('imports.write');
  const mayMakeKeys = useMay('keys.manage');
  const navigate = useNavigate();
  return (
    <section className={styles['begin']} aria-label="How to begin">
      <h1>{here.size === 0 ? 'Nothing has come in yet' : 'What people do is still missing'}</h1>
      <p>
        {here.size === 0
          ? 'Four files are enough for a first answer: CSV exports of what you have. You see what each would give, line by line, before anything is kept.'
          : 'A segment is told from what people do in your product. Upload your events, or send them, and every account is placed.'}
      </p>
      <ul className={styles['steps']}>
        {STEPS.map(({ table, name, why }) => (
          <li key={table} data-here={here.has(table)}>
            <span aria-hidden style={{ color: here.has(table) ? 'var(--bw-good)' : 'var(--bw-muted)' }}>
              {here.has(table) ? '✓' : '○'}
            </span>
            <strong style={{ fontWeight: 500 }}>
              {name}
              <span className="hidden">{here.has(table) ? ', here' : ', not here yet'}</span>
            </strong>
            <span className="muted">{why}</span>
          </li>
        ))}
      </ul>
      {mayImport ? (
        <Button onClick={() => void navigate({ to: '/data/upload' })}>Upload a file</Button>
      ) : (
        <p className="muted">Importing files is for editors. Ask one of them to bring the data.</p>
      )}
      {mayMakeKeys && (
        <p className="small muted">
          Does your product send events with a Segment SDK already? <Link to="/settings/keys">Make a write key</Link>{' '}
          and point it here.
        </p>
      )}
    </section>
  );
}
