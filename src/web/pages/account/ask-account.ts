import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type {
  AccountBody,
  DossierBody,
  ExplanationBody,
  NoteBody,
  PastUsersBody,
  RecordedBody,
  TimelineBody,
  TrendsBody,
} from '../../../api/contract.ts';
import { writeSearch } from '../../address.ts';
import { ask } from '../../ask.ts';

const path = (id: string, rest = ''): string => `/api/v1/accounts/${encodeURIComponent(id)}${rest}`;

/** Signals whose course the page shows. */
export const COURSES = [
  { signal: 'active_users_7d', label: 'Active users', unit: 'a week' },
  { signal: 'sessions_30d', label: 'Sessions', unit: 'in 30 days' },
  { signal: 'feature_breadth_30d', label: 'Feature areas', unit: 'in 30 days' },
  { signal: 'power_users', label: 'Power users', unit: '' },
  { signal: 'tickets_30d', label: 'Tickets', unit: 'in 30 days' },
  { signal: 'health_score', label: 'Health', unit: 'of 100' },
] as const;

/** Weeks of a course. */
const WEEKS = 13;

/** What is said of an account now. */
export const accountQuery = (id: string) =>
  queryOptions({ queryKey: ['account', id], queryFn: ({ signal }) => ask<AccountBody>(path(id), { signal }) });

/** Why it is where it is as of an instant; `now`: what can be told at once, without what changed last and what would move it. */
export const explainQuery = (id: string, asOf: string, part: 'now' | 'all') =>
  queryOptions({
    queryKey: ['account', id, 'explain', asOf, part],
    queryFn: ({ signal }) => ask<ExplanationBody>(path(id, `/explain${writeSearch({ asOf, part })}`), { signal }),
    staleTime: 60_000,
  });

/** What the sources file about it, before an instant; null: now. */
export const dossierQuery = (id: string, asOf: string | null) =>
  queryOptions({
    queryKey: ['account', id, 'dossier', asOf],
    queryFn: ({ signal }) => ask<DossierBody>(path(id, `/dossier${writeSearch({ asOf })}`), { signal }),
  });

/** What happened to it, before an instant; null: now. */
export const timelineQuery = (id: string, asOf: string | null) =>
  queryOptions({
    queryKey: ['account', id, 'timeline', asOf],
    queryFn: ({ signal }) => ask<TimelineBody>(path(id, `/timeline${writeSearch({ asOf })}`), { signal }),
  });

/** How it behaved week by week, as of a day. */
export const coursesQuery = (id: string, asOf: string) =>
  queryOptions({
    queryKey: ['account', id, 'courses', asOf],
    queryFn: ({ signal: abort }) => {
      const asked = { account: id, signal: COURSES.map(({ signal }) => signal), asOf, weeks: WEEKS };
      return ask<TrendsBody>(`/api/v1/trends${writeSearch(asked)}`, { signal: abort });
    },
    staleTime: 600_000,
  });

/** Its users with what is usual for each, as of an instant. */
export const usersQuery = (id: string, asOf: string) =>
  queryOptions({
    queryKey: ['account', id, 'users', asOf],
    queryFn: ({ signal }) =>
      ask<PastUsersBody>(`/api/v1/users/as-of${writeSearch({ account: id, asOf, limit: 1000 })}`, { signal }),
    staleTime: 60_000,
  });

type Notes = { readonly notes: readonly NoteBody[] };

const statedKey = (id: string): readonly unknown[] => ['stated', id];

/** Notes that were written here and are not read as facts yet, the latest first. */
export const statedNotes = (queries: QueryClient, id: string): readonly NoteBody[] =>
  queries.getQueryData<readonly NoteBody[]>(statedKey(id)) ?? [];

const isSame = (a: NoteBody, b: NoteBody): boolean =>
  a.time === b.time && a.author === b.author && a.kind === b.kind && a.text === b.text;

/** Its notes and pulses, and what was written here and is not read yet. */
export const notesQuery = (id: string) =>
  queryOptions({
    queryKey: ['account', id, 'notes'],
    queryFn: async ({ signal, client }): Promise<Notes> => {
      const { notes } = await ask<Notes>(path(id, '/notes'), { signal });
      const waiting = statedNotes(client, id).filter((note) => !notes.some((each) => isSame(each, note)));
      client.setQueryData(statedKey(id), waiting);
      return { notes: [...waiting, ...notes] };
    },
  });

/** Shows a note that was just written among the others, until it is read as a fact. */
export function stateNote(queries: QueryClient, id: string, note: NoteBody): void {
  queries.setQueryData(statedKey(id), [note, ...statedNotes(queries, id)]);
  queries.setQueryData(notesQuery(id).queryKey, (before) => ({ notes: [note, ...(before?.notes ?? [])] }));
}

/** What was recorded of it as of a day. */
export const recordedQuery = (id: string, asOf: string) =>
  queryOptions({
    queryKey: ['account', id, 'recorded', asOf],
    queryFn: ({ signal }) => ask<RecordedBody>(`/api/v1/recorded${writeSearch({ account: id, asOf })}`, { signal }),
  });
