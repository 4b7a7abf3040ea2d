import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AccountItem } from '../../../api/contract.ts';
import { agoText, dayText, instantText, wholeText, wordText } from '../../format.ts';
import { DayField } from '../../parts/day-field.tsx';
import { Initials } from '../../parts/initials.tsx';
import { Money } from '../../parts/money.tsx';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import { Term } from '../../parts/term.tsx';
import { Unknown } from '../../parts/unknown.tsx';
import styles from './account.module.css';
import { dossierQuery, notesQuery } from './ask-account.ts';

const DAY_MILLIS = 86_400_000;

type Shown = Pick<
  AccountItem,
  | 'accountId'
  | 'name'
  | 'asOf'
  | 'relationship'
  | 'segment'
  | 'since'
  | 'isHeld'
  | 'isOverridden'
  | 'arr'
  | 'health'
  | 'cohort'
  | 'valueTier'
  | 'csm'
  | 'home'
>;

/** Who it is, and how it stands: the line that answers first. */
export function Head({
  account,
  on,
  latest,
  onDay,
}: {
  readonly account: Shown;
  /** The day that is looked back to; null: now. */
  readonly on: string | null;
  /** The last day that can be looked back to. */
  readonly latest: string;
  readonly onDay: (day: string | null) => void;
}) {
  const { name, accountId, relationship, asOf } = account;
  return (
    <>
      <header className={styles['head']}>
        <div className={styles['title']}>
          <Initials name={name ?? accountId} size={36} />
          <div>
            <h1>{name ?? accountId}</h1>
            <span className="muted small">
              {accountId} · {wordText(relationship)}
            </span>
          </div>
        </div>
        <SegmentChip
          segment={account.segment}
          marks={{ isHeld: account.isHeld === true, isOverridden: account.isOverridden }}
        />
        {account.since !== null && (
          <span className="muted" title={agoText(account.since, Date.parse(asOf))}>
            since {dayText(account.since)}
          </span>
        )}
        <div style={{ marginLeft: 'auto', display: 'flex', gap: 8, alignItems: 'center' }}>
          <label className="small muted" htmlFor="as-it-was-on">
            As it was on
          </label>
          <DayField id="as-it-was-on" name="as it was on" size="xs" latest={latest} value={on} onChange={onDay} />
          {on !== null && (
            <Button size="xs" variant="default" onClick={() => onDay(null)}>
              Back to now
            </Button>
          )}
        </div>
      </header>
      <Facts account={account} on={on} />
    </>
  );
}

function Facts({ account, on }: { readonly account: Shown; readonly on: string | null }) {
  const { accountId, arr, health, cohort, valueTier, csm, home, segment, asOf } = account;
  const dossier = useQuery(dossierQuery(accountId, on)).data;
  const notes = useQuery(notesQuery(accountId)).data?.notes;
  const pulse = notes?.find(({ kind, time }) => kind === 'pulse' && (on === null || time < on));
  const renewal = dossier?.contracts.find(
    ({ endsOn, termEndsOn }) => endsOn === null && termEndsOn !== null,
  )?.termEndsOn;
  return (
    <dl className={styles['facts']}>
      <Fact name="ARR">
        <Money value={arr} />
      </Fact>
      <Fact name="Renewal">
        {renewal == null ? <span className="muted">no term on file</span> : renewalText(renewal, asOf)}
      </Fact>
      <Fact name={<Term word="health">Health</Term>}>
        {health === null ? <Unknown why="Fewer than two of its parts are known." /> : `${wholeText(health)} of 100`}
      </Fact>
      <Fact name={<Term word="pulse">Pulse</Term>}>
        {pulse?.text ?? <span className="muted">nobody has said</span>}
      </Fact>
      <Fact name={<Term word="cohort">Cohort</Term>}>
        {cohort === null ? <Unknown why="Nobody can be measured, or it is new and not activated." /> : wordText(cohort)}
      </Fact>
      <Fact name={<Term word="value tier">Value tier</Term>}>
        {valueTier ?? <Unknown why="It is not ranked: it pays nothing, or too little is known of it." />}
      </Fact>
      {home !== null && home !== segment && (
        <Fact name={<Term word="home segment">Home segment</Term>}>
          <SegmentChip segment={home} />
        </Fact>
      )}
      <Fact name="CSM">{csm ?? <span className="muted">nobody named</span>}</Fact>
      <Fact name={<Term word="as-of">As of</Term>}>{on === null ? `${instantText(asOf)} UTC` : dayText(on)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: ReactNode; readonly children: ReactNode }) {
  return (
    <div className={styles['fact']}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function renewalText(termEndsOn: string, asOf: string): ReactNode {
  const days = Math.ceil((Date.parse(termEndsOn) - Date.parse(asOf)) / DAY_MILLIS);
  const words = days < 0 ? `${wholeText(-days)} days ago` : days === 0 ? 'today' : `in ${wholeText(days)} days`;
  return <span title={dayText(termEndsOn)}>{words}</span>;
}
