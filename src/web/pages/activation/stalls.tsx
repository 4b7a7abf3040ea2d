import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ActivationBody } from '../../../api/contract.ts';
import { moneyText, wholeText, wordText } from '../../format.ts';
import { accountPath, PageLink } from '../../parts/page-link.tsx';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import { Term } from '../../parts/term.tsx';
import { Unknown } from '../../parts/unknown.tsx';
import styles from './activation.module.css';
import { type Funnel, stalledUsersPath } from './funnel.tsx';

const SHOWN = 6;

/** Users who stall before a step: those who were active last, and the way to all of them. */
export function StalledUsers({
  found,
  step,
  onStep,
}: {
  readonly found: ActivationBody;
  readonly step: string | null;
  readonly onStep: (step: string) => void;
}) {
  const { users: funnel } = found;
  const at = funnel.steps.find((each) => each.step === step);
  const rows = found.stalledUsers.filter((user) => user.step === step).slice(0, SHOWN);
  return (
    <Panel title="Users who stall" funnel={funnel} step={step} onStep={onStep} counts={countsOf(funnel)}>
      <ul className={styles['list']}>
        {rows.map(({ accountId, userId, name, tier, daysSinceLastActivity }) => (
          <li key={`${accountId} ${userId}`}>
            <span className={styles['who']}>
              {userId}
              <span className="small muted">
                <PageLink to={`${accountPath(accountId)}#users`}>{name ?? accountId}</PageLink>
                {tier === null ? '' : `, ${wordText(tier)}`}
              </span>
            </span>
            <span className="small muted">{lastText(daysSinceLastActivity)}</span>
          </li>
        ))}
      </ul>
      {at !== undefined && at.stalled > 0 && step !== null && (
        <p className="small">
          <PageLink to={stalledUsersPath(step)}>
            {at.stalled === 1 ? 'Open the list of this user' : `Open the list of all ${wholeText(at.stalled)}`}
          </PageLink>{' '}
          <span className="muted">Shown are those who were active last.</span>
        </p>
      )}
    </Panel>
  );
}

/** Accounts that stall before a step and have not left, by ARR. */
export function StalledAccounts({
  found,
  step,
  onStep,
}: {
  readonly found: ActivationBody;
  readonly step: string | null;
  readonly onStep: (step: string) => void;
}) {
  const [isAll, setIsAll] = useState(false);
  const { accounts: funnel, stalledAccounts, currency } = found;
  const counts = new Map(
    funnel.steps.map((each) => [each.step, stalledAccounts.filter((account) => account.step === each.step).length]),
  );
  const rows = stalledAccounts.filter((account) => account.step === step);
  const left = (funnel.steps.find((each) => each.step === step)?.stalled ?? 0) - rows.length;
  return (
    <Panel title="Accounts that stall" funnel={funnel} step={step} onStep={onStep} counts={counts}>
      <ul className={styles['list']} data-all={isAll}>
        {(isAll ? rows : rows.slice(0, SHOWN)).map(({ accountId, name, segment, arr }) => (
          <li key={accountId}>
            <span className={styles['who']}>
              <PageLink to={accountPath(accountId)}>{name ?? accountId}</PageLink>
              <span className="small muted">
                <SegmentChip segment={segment} />
              </span>
            </span>
            <span className="number">
              {arr === null ? <Unknown why="No contract says what it pays." /> : moneyText(arr, currency)}
            </span>
          </li>
        ))}
      </ul>
      {rows.length > SHOWN && (
        <Button variant="default" size="compact-sm" onClick={() => setIsAll(!isAll)}>
          {isAll ? 'Show fewer' : `Show all ${wholeText(rows.length)}`}
        </Button>
      )}
      {left > 0 && (
        <p className="small muted">
          {wholeText(left)} more stalled here and {left === 1 ? 'has' : 'have'} left.
        </p>
      )}
    </Panel>
  );
}

const countsOf = (funnel: Funnel): ReadonlyMap<string, number> =>
  new Map(funnel.steps.map(({ step, stalled }) => [step, stalled]));

function lastText(days: number | null): string {
  if (days === null) return '';
  if (days === 0) return 'active today';
  return `active ${wholeText(days)} ${days === 1 ? 'day' : 'days'} ago`;
}

function Panel({
  title,
  funnel,
  step,
  onStep,
  counts,
  children,
}: {
  readonly title: string;
  readonly funnel: Funnel;
  readonly step: string | null;
  readonly onStep: (step: string) => void;
  readonly counts: ReadonlyMap<string, number>;
  readonly children: ReactNode;
}) {
  const isAny = [...counts.values()].some((count) => count > 0);
  return (
    <section className={styles['panel']} aria-label={title}>
      <h2>
        {title.split('stall')[0]}
        <Term word="stalled">stall</Term>
        {step === null ? '' : ' before'}
      </h2>
      {!isAny && (
        <p className="muted">
          {funnel.begun === 0 ? 'Nobody has begun yet: import events that name the steps.' : 'Nobody stalls now.'}
        </p>
      )}
      {isAny && (
        <fieldset className={styles['steps']} aria-label={`${title} before`}>
          {funnel.steps.map(({ step: name }) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === step}
              disabled={(counts.get(name) ?? 0) === 0}
              onClick={() => onStep(name)}
            >
              {wordText(name)} <span className="number">{wholeText(counts.get(name) ?? 0)}</span>
            </button>
          ))}
        </fieldset>
      )}
      {children}
    </section>
  );
}
