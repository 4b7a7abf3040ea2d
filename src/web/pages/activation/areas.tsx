import { Button, SegmentedControl } from '@mantine/core';
import type { CSSProperties } from 'react';
import type { ActivationBody } from '../../../api/contract.ts';
import { writeSearch } from '../../address.ts';
import { intervalText, shareText, wholeText, wordText } from '../../format.ts';
import { saveCsv } from '../../parts/chart-export.ts';
import type { ChartTable } from '../../parts/chart-table.tsx';
import { PageLink } from '../../parts/page-link.tsx';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import { Term } from '../../parts/term.tsx';
import { Unknown } from '../../parts/unknown.tsx';
import styles from './activation.module.css';

type Areas = ActivationBody['areas'];
type Group = Areas['bySegment'][number];

const LEAST_USERS = 20;

/** Which feature area serves which segment, or tier; every cell leads to those who do not use the area yet. */
export function AreaTable({
  areas,
  by,
  onBy,
}: {
  readonly areas: Areas;
  readonly by: 'segment' | 'tier';
  readonly onBy: (by: 'segment' | 'tier') => void;
}) {
  const groups = by === 'segment' ? areas.bySegment : areas.byTier;
  const sentence = by === 'segment' ? areas.segmentSentence : areas.tierSentence;
  return (
    <section className={styles['section']} aria-label="Feature areas">
      <div className={styles['title']}>
        <h2>{sentence}</h2>
        <Button variant="subtle" size="compact-sm" onClick={() => saveCsv(tableOf(groups), `feature-areas-by-${by}`)}>
          Save as CSV
        </Button>
      </div>
      <div className={styles['bar']}>
        <SegmentedControl
          size="xs"
          aria-label="Feature areas by"
          data={[
            { value: 'segment', label: 'By segment' },
            { value: 'tier', label: 'By tier' },
          ]}
          value={by}
          onChange={(value) => onBy(value === 'tier' ? 'tier' : 'segment')}
        />
        <p className="small muted">
          Share of users who used the <Term word="feature area">area</Term> in the last 60 days, of those who used any.
          A number leads to those who do not use it yet, as is said now.
        </p>
      </div>
      <Heat groups={groups} by={by} />
      {by === 'segment' && areas.inNoSegment > 0 && (
        <p className="small muted">
          {wholeText(areas.inNoSegment)} more users are of accounts in no segment, such as prospects and those that
          left.
        </p>
      )}
    </section>
  );
}

function tableOf(groups: readonly Group[]): ChartTable {
  const names = groups[0]?.areas.map(({ area }) => area) ?? [];
  return {
    columns: [
      { name: 'Feature area' },
      ...groups.flatMap(({ name }) => [{ name: `${name}, used` }, { name: `${name}, users` }]),
    ],
    rows: names.map((area, place) => [
      area,
      ...groups.flatMap(({ users, areas }) => [areas[place]?.used ?? null, users]),
    ]),
  };
}

function Heat({ groups, by }: { readonly groups: readonly Group[]; readonly by: 'segment' | 'tier' }) {
  const names = groups[0]?.areas.map(({ area }) => area) ?? [];
  if (names.length === 0) {
    return <p className="muted">The model names no feature area. Add some under taxonomy.features.</p>;
  }
  return (
    <section className={styles['scroll']} aria-label="Use of feature areas" tabIndex={0}>
      <table className={styles['heat']}>
        <thead>
          <tr>
            <th scope="col">Feature area</th>
            {groups.map(({ name, users }) => (
              <th key={name} scope="col">
                {by === 'segment' ? <SegmentChip segment={name} /> : wordText(name)}
                <span className="small muted">
                  {wholeText(users)} {users === 1 ? 'user' : 'users'}
                  {users > 0 && users < LEAST_USERS ? ', few' : ''}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((area, place) => (
            <tr key={area}>
              <th scope="row">{wordText(area)}</th>
              {groups.map((group) => (
                <Cell key={group.name} group={group} place={place} by={by} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const DEEPEST = 46;

function Cell({
  group,
  place,
  by,
}: {
  readonly group: Group;
  readonly place: number;
  readonly by: 'segment' | 'tier';
}) {
  const { name, users } = group;
  const use = group.areas[place];
  if (use === undefined || use.share === null || use.interval === null) {
    return (
      <td>
        <Unknown why={`No user of ${wordText(name)} has used a feature area in 60 days.`} />
      </td>
    );
  }
  const { area, used, share, interval } = use;
  const said = `${wordText(area)}, ${wordText(name)}: ${wholeText(used)} of ${wholeText(users)} use it (${intervalText([interval[0], interval[1]])})`;
  const rest = users - used;
  return (
    <td
      style={{ '--depth': `${(DEEPEST * share).toFixed(0)}%` } as CSSProperties}
      data-few={users < LEAST_USERS}
      title={said}
    >
      <PageLink
        to={`/users${writeSearch({ [by]: name, notUsing: area, usesAny: '1' })}`}
        label={`${shareText(share)}, ${said}. Show the ${wholeText(rest)} who do not`}
      >
        {shareText(share)}
      </PageLink>
      <span className="small" aria-hidden>
        {wholeText(used)}
      </span>
    </td>
  );
}
