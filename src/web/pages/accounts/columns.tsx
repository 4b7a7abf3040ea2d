import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { AccountItem } from '../../../api/contract.ts';
import { agoText, dayText, wholeText, wordText } from '../../format.ts';
import { Initials } from '../../parts/initials.tsx';
import type { Column } from '../../parts/list-row.tsx';
import { Money } from '../../parts/money.tsx';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import { Term } from '../../parts/term.tsx';
import { Unknown } from '../../parts/unknown.tsx';
import { TrendCell } from './trend-cell.tsx';

const NO_CLASS = 'Nobody can be measured, or it is new and not activated.';

/** The name of an account as a link to its page. */
export function AccountLink({ accountId, name }: { readonly accountId: string; readonly name: string | null }) {
  return (
    <Anchor
      renderRoot={(props) => <Link {...props} to="/accounts/$id" params={{ id: accountId }} preload={false} />}
      title={accountId}
    >
      {name ?? accountId}
    </Anchor>
  );
}

const said = (value: string | null, why: string) => (value === null ? <Unknown why={why} /> : wordText(value));

const MAIN: readonly Column<AccountItem>[] = [
  {
    id: 'name',
    name: 'Name',
    header: 'Name',
    width: 'minmax(220px, 1.4fr)',
    sort: 'name',
    cell: ({ name, accountId }) => (
      <span style={{ display: 'flex', alignItems: 'center', gap: 8, minWidth: 0 }}>
        <Initials name={name ?? accountId} />
        <AccountLink accountId={accountId} name={name} />
      </span>
    ),
  },
  {
    id: 'segment',
    name: 'Segment',
    header: <Term word="segment">Segment</Term>,
    width: 'minmax(150px, 1fr)',
    sort: 'segment',
    cell: ({ segment, isHeld, isOverridden, relationship, eligible }) => (
      <SegmentChip
        segment={segment}
        marks={{ isHeld: isHeld === true, isOverridden }}
        whyNone={
          relationship !== 'customer'
            ? `It is no customer (${relationship}).`
            : eligible === false
              ? 'It is outside the market that you serve.'
              : 'No rule has placed it yet.'
        }
      />
    ),
  },
  {
    id: 'since',
    name: 'Since',
    header: 'Since',
    width: '112px',
    sort: 'since',
    cell: ({ since, asOf }) =>
      since === null ? (
        <span className="muted">none</span>
      ) : (
        <span title={agoText(since, Date.parse(asOf))}>{dayText(since)}</span>
      ),
  },
  {
    id: 'arr',
    name: 'ARR',
    header: 'ARR',
    width: '92px',
    isNumber: true,
    sort: 'arr',
    cell: ({ arr }) => <Money value={arr} />,
  },
  {
    id: 'health',
    name: 'Health',
    header: <Term word="health">Health</Term>,
    width: '80px',
    isNumber: true,
    sort: 'health',
    cell: ({ health }) =>
      health === null ? <Unknown why="Fewer than two of its parts are known." /> : wholeText(health),
  },
  {
    id: 'trend',
    name: 'Active users, 90 days',
    header: <Term word="usual">Active users</Term>,
    width: '124px',
    cell: ({ accountId }) => <TrendCell accountId={accountId} />,
  },
  {
    id: 'cohort',
    name: 'Cohort',
    header: <Term word="cohort">Cohort</Term>,
    width: '124px',
    sort: 'cohort',
    cell: ({ cohort }) => said(cohort, NO_CLASS),
  },
  {
    id: 'valueTier',
    name: 'Value tier',
    header: <Term word="value tier">Value</Term>,
    width: '92px',
    sort: 'valueScore',
    cell: ({ valueTier }) => said(valueTier, 'It is not ranked: it pays nothing, or too little is known of it.'),
  },
  {
    id: 'csm',
    name: 'CSM',
    header: 'CSM',
    width: '132px',
    sort: 'csm',
    cell: ({ csm }) => csm ?? <span className="muted">nobody named</span>,
  },
];

const MORE: readonly Column<AccountItem>[] = [
  {
    id: 'lifecycle',
    name: 'Lifecycle',
    header: <Term word="lifecycle">Lifecycle</Term>,
    width: '112px',
    sort: 'lifecycle',
    cell: ({ lifecycle }) => said(lifecycle, NO_CLASS),
  },
  {
    id: 'direction',
    name: 'Direction',
    header: 'Direction',
    width: '104px',
    sort: 'direction',
    cell: ({ direction }) => said(direction, 'It is too young, or has too few sessions, for a direction.'),
  },
  {
    id: 'archetype',
    name: 'Archetype',
    header: <Term word="archetype">Archetype</Term>,
    width: '140px',
    sort: 'archetype',
    cell: ({ archetype }) => said(archetype, 'None of the patterns fits, or it is too young.'),
  },
  {
    id: 'job',
    name: 'Job',
    header: <Term word="job">Job</Term>,
    width: '140px',
    sort: 'job',
    cell: ({ job }) => said(job, 'Nobody has asked what it uses the product for.'),
  },
  {
    id: 'relationship',
    name: 'Relationship',
    header: 'Relationship',
    width: '112px',
    sort: 'relationship',
    cell: ({ relationship }) => wordText(relationship),
  },
  {
    id: 'valueScore',
    name: 'Worth',
    header: 'Worth',
    width: '92px',
    isNumber: true,
    sort: 'valueScore',
    cell: ({ valueScore }) => <Money value={valueScore} whyUnknown="It pays nothing, or too little is known of it." />,
  },
  {
    id: 'score',
    name: 'Composite score',
    header: 'Score',
    width: '80px',
    isNumber: true,
    sort: 'score',
    cell: ({ score }) => (score === null ? <Unknown why="None of its dimensions is known." /> : wholeText(score)),
  },
];

const paper = (name: string): Column<AccountItem> => ({
  id: `paper.${name}`,
  name: wordText(name),
  header: wordText(name),
  width: '124px',
  isNumber: name === 'employees' || name === 'revenue',
  cell: ({ firmographics }) => {
    const value = firmographics[name] ?? null;
    if (value === null) return <Unknown why="The field is empty in every source." />;
    return typeof value === 'number' ? wholeText(value) : wordText(value);
  },
});

/** Every column of the list, what accounts are on paper last. */
export function accountColumns(firmographics: readonly string[]): readonly Column<AccountItem>[] {
  return [...MAIN, ...MORE, ...firmographics.map(paper)];
}

/** Columns that are shown where the address does not say. */
export const USUAL_COLUMNS: readonly string[] = MAIN.map(({ id }) => id);
