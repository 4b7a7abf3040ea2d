import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ActivationBody } from '../../api/contract.ts';
import { ask } from '../ask.ts';
import { dayText, shareText, wholeText } from '../format.ts';
import { PageHead } from '../parts/page-head.tsx';
import styles from './activation/activation.module.css';
import { AreaTable } from './activation/areas.tsx';
import { type Funnel, FunnelChart } from './activation/funnel.tsx';
import { AdoptionOrder } from './activation/order.tsx';
import type { ActivationSearch } from './activation/search.ts';
import { StalledAccounts, StalledUsers } from './activation/stalls.tsx';
import { Workflows } from './activation/workflows.tsx';

const FRESH_MILLIS = 60_000;
const GHOSTS = [340, 340, 320, 420];

/** Question: where do users and accounts stall on their way to first value, and which area serves which segment? */
export function ActivationPage() {
  const search = useSearch({ from: '/inside/activation' });
  const navigate = useNavigate({ from: '/activation' });
  const { data, error } = useQuery({
    queryKey: ['activation'],
    queryFn: ({ signal }) => ask<ActivationBody>('/api/v1/activation', { signal }),
    staleTime: FRESH_MILLIS,
  });
  if (error !== null) throw error;
  const change = (part: { readonly [Name in keyof ActivationSearch]?: ActivationSearch[Name] | undefined }) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(Object.entries({ ...before, ...part }).filter(([, value]) => value !== undefined)),
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      <PageHead title="Activation" asOf={data?.asOf ?? null}>
        {data === undefined ? '…' : headText(data)}
      </PageHead>
      {data === undefined ? (
        GHOSTS.map((height, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
          <Skeleton key={index} height={height} radius="lg" mb="xl" />
        ))
      ) : (
        <Shown found={data} search={search} onChange={change} />
      )}
    </>
  );
}

function headText({ users, accounts }: ActivationBody): string {
  const done = ({ complete, begun }: Funnel): string => (begun === 0 ? 'none' : shareText(complete / begun));
  if (users.begun === 0 && accounts.begun === 0) return 'Nobody has begun yet';
  return `${done(users)} of users and ${done(accounts)} of accounts have taken every step`;
}

function Shown({
  found,
  search,
  onChange,
}: {
  readonly found: ActivationBody;
  readonly search: ActivationSearch;
  readonly onChange: (part: ActivationSearch | { readonly by: undefined }) => void;
}) {
  const userStep = stepOf(found.users, search.userStep);
  const accountStep = stepOf(found.accounts, search.accountStep);
  const pickUser = (step: string) => onChange({ userStep: step });
  const pickAccount = (step: string) => onChange({ accountStep: step });
  return (
    <>
      {found.measuredAt !== found.asOf && (
        <p className="muted">Events are complete until {dayText(found.measuredAt)}: nothing later counts here.</p>
      )}
      <section className={styles['columns']} aria-label="Users">
        <Sequence funnel={found.users} onPick={pickUser} />
        <StalledUsers found={found} step={userStep} onStep={pickUser} />
      </section>
      <section className={`${styles['columns']} ${styles['section']}`} aria-label="Accounts">
        <Sequence funnel={found.accounts} onPick={pickAccount} />
        <StalledAccounts found={found} step={accountStep} onStep={pickAccount} />
      </section>
      <Workflows workflows={found.workflows} />
      <AreaTable
        areas={found.areas}
        by={search.by ?? 'segment'}
        onBy={(by) => onChange({ by: by === 'tier' ? 'tier' : undefined })}
      />
      <AdoptionOrder order={found.order} />
    </>
  );
}

/** The step whose stalled are listed: the chosen one, else that of the largest drop-off. */
function stepOf(funnel: Funnel, chosen: string | undefined): string | null {
  const most = funnel.steps.toSorted((a, b) => b.stalled - a.stalled)[0];
  const usual = most === undefined || most.stalled === 0 ? null : most.step;
  return funnel.steps.some(({ step }) => step === chosen) ? (chosen ?? null) : (funnel.largest ?? usual);
}

function Sequence({ funnel, onPick }: { readonly funnel: Funnel; readonly onPick: (step: string) => void }) {
  const { unknown, whyUnknown, notBegun, begun, unit } = funnel;
  const apart = [
    `${wholeText(begun)} ${unit} have begun.`,
    ...(notBegun > 0 ? [`${wholeText(notBegun)} more were never active.`] : []),
    ...(unknown > 0 ? [`${wholeText(unknown)} more are unknown. ${whyUnknown}`] : []),
  ];
  return (
    <div>
      {funnel.steps.length === 0 ? (
        <p className="muted">{funnel.sentence}. Name the steps to first value there, in their order.</p>
      ) : (
        <FunnelChart funnel={funnel} onPick={onPick} />
      )}
      <p className="small muted">{apart.join(' ')}</p>
    </div>
  );
}
