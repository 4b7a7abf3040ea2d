import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { EndedBody, PeopleBody, SessionsBody } from '../../../api/contract.ts';
import { ask, pathOf } from '../../ask.ts';
import { agoText, instantText } from '../../format.ts';
import { type PlainColumn, PlainTable } from '../../parts/plain-table.tsx';
import { RefusalNote } from '../../parts/refusal-note.tsx';

type Person = PeopleBody['people'][number];
type Session = SessionsBody['sessions'][number];

/** The open sessions of somebody, each with what ends it. */
export function Sessions({ person, onClose }: { readonly person: Person | null; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const path = `/api/v1/people/${encodeURIComponent(person?.operatorId ?? '')}/sessions`;
  const queryKey = ['people', 'sessions', person?.operatorId];
  const { data, dataUpdatedAt: now } = useQuery({
    queryKey,
    queryFn: ({ signal }) => ask<SessionsBody>(path, { signal }),
    enabled: person !== null,
  });
  const end = useMutation({
    mutationFn: (session: string | undefined) => ask<EndedBody>(pathOf(path, { session }), { method: 'DELETE' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['people'] }),
  });
  const columns: readonly PlainColumn<Session>[] = [
    {
      id: 'since',
      name: 'Since',
      isWide: true,
      cell: ({ startedAt, isThis }) => `${instantText(startedAt)} UTC${isThis ? ' (this one)' : ''}`,
    },
    { id: 'seen', name: 'Used', cell: ({ seenAt }) => agoText(seenAt, now) },
    { id: 'from', name: 'From', cell: ({ ipAddress }) => ipAddress ?? 'unknown' },
    {
      id: 'by',
      name: 'By',
      isWide: true,
      cell: ({ userAgent }) => <span className="small muted">{userAgent ?? 'unknown'}</span>,
    },
    {
      id: 'end',
      name: '',
      isEnd: true,
      cell: ({ sessionId }) => (
        <Button
          variant="subtle"
          color="red"
          size="compact-sm"
          loading={end.isPending && end.variables === sessionId}
          onClick={() => end.mutate(sessionId)}
        >
          End
        </Button>
      ),
    },
  ];
  return (
    <Modal opened={person !== null} onClose={onClose} title={`Open sessions of ${person?.name ?? ''}`} size="lg">
      <div style={{ display: 'grid', gap: 'var(--bw-space-3)' }}>
        <RefusalNote error={end.error} />
        <PlainTable
          label="Open sessions"
          columns={columns}
          rows={data?.sessions}
          keyOf={({ sessionId }) => sessionId}
          empty="None is open."
        />
        {(data?.sessions.length ?? 0) > 1 && (
          <Button variant="default" style={{ justifySelf: 'start' }} onClick={() => end.mutate(undefined)}>
            End all of them
          </Button>
        )}
      </div>
    </Modal>
  );
}
