import { Button, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeysBody, MadeKeyBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';
import { agoText, wholeText } from '../../format.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Day } from '../../parts/day.tsx';
import { type PlainColumn, PlainTable } from '../../parts/plain-table.tsx';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { Part, SettingsSection } from './section.tsx';
import styles from './settings.module.css';
import { ShownOnce } from './shown-once.tsx';

type Key = KeysBody['keys'][number];

const SCOPES: readonly { readonly value: Key['scope']; readonly label: string }[] = [
  { value: 'read', label: 'read: what a viewer may read' },
  { value: 'write', label: 'write: sends events and files' },
  { value: 'admin', label: 'admin: everything' },
];
const LISTED = ['keys'] as const;

/** Question: which machines may talk to Bellwether, and what may each do? */
export function KeysSection() {
  const { data, dataUpdatedAt } = useQuery({
    queryKey: LISTED,
    queryFn: ({ signal }) => ask<KeysBody>('/api/v1/keys', { signal }),
  });
  const [ending, setEnding] = useState<Key | null>(null);
  const good = data?.keys.filter(({ revokedAt }) => revokedAt === null);
  const ended = data?.keys.filter(({ revokedAt }) => revokedAt !== null) ?? [];
  return (
    <SettingsSection
      title="Keys"
      needs="keys.manage"
      lead="For whatever sends events, imports files or reads answers without a person. A key is shown once; what is kept of it opens nothing."
    >
      <NewKey />
      <Part
        title={good === undefined ? 'In use' : `${wholeText(good.length)} ${good.length === 1 ? 'key' : 'keys'} in use`}
      >
        <PlainTable
          label="Keys in use"
          columns={columnsOf(dataUpdatedAt, setEnding)}
          rows={good}
          keyOf={({ keyId }) => keyId}
          empty="There is no key yet. Your product needs one that writes, and one that reads."
        />
      </Part>
      {ended.length > 0 && (
        <Part title="Ended">
          <PlainTable
            label="Keys that were ended"
            columns={columnsOf(dataUpdatedAt, null)}
            rows={ended}
            keyOf={({ keyId }) => keyId}
            empty=""
          />
        </Part>
      )}
      <EndKey key={ending?.keyId} ending={ending} onClose={() => setEnding(null)} />
    </SettingsSection>
  );
}

function columnsOf(now: number, onEnd: ((key: Key) => void) | null): readonly PlainColumn<Key>[] {
  return [
    {
      id: 'name',
      name: 'Name',
      isWide: true,
      cell: ({ name, hint }) => (
        <>
          {name} <code className="muted small">…{hint}</code>
        </>
      ),
    },
    { id: 'scope', name: 'Scope', cell: ({ scope }) => scope },
    { id: 'by', name: 'Made by', cell: ({ createdBy }) => createdBy },
    { id: 'made', name: 'Made', cell: ({ createdAt }) => <Day at={createdAt} /> },
    {
      id: 'used',
      name: 'Last used',
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? (
          <span className="muted">never</span>
        ) : (
          <time dateTime={lastUsedAt}>{agoText(lastUsedAt, now)}</time>
        ),
    },
    onEnd === null
      ? { id: 'ended', name: 'Ended', cell: ({ revokedAt }) => (revokedAt === null ? '' : <Day at={revokedAt} />) }
      : {
          id: 'end',
          name: '',
          isEnd: true,
          cell: (key) => (
            <Button
              variant="subtle"
              color="red"
              size="compact-sm"
              aria-label={`End ${key.name}`}
              onClick={() => onEnd(key)}
            >
              End
            </Button>
          ),
        },
  ];
}

function NewKey() {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Key['scope']>('read');
  const make = useMutation({
    mutationFn: (body: Pick<Key, 'name' | 'scope'>) => ask<MadeKeyBody>('/api/v1/keys', { method: 'POST', body }),
    onSuccess: async (_, asked) => {
      // The next name may be typed by now.
      setName((now) => (now === asked.name ? '' : now));
      await queries.invalidateQueries({ queryKey: LISTED });
    },
  });
  return (
    <div className={styles['part']}>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate({ name, scope });
        }}
      >
        <TextInput
          label="Who uses it"
          placeholder="product backend"
          required
          maxLength={200}
          w={240}
          value={name}
          onChange={({ currentTarget: { value } }) => setName(value)}
        />
        <Select
          label="What it may"
          data={SCOPES}
          value={scope}
          allowDeselect={false}
          w={260}
          onChange={(value) => setScope(SCOPES.find((each) => each.value === value)?.value ?? 'read')}
        />
        <Button type="submit" loading={make.isPending}>
          Make a key
        </Button>
      </form>
      <RefusalNote error={make.error} />
      {make.data !== undefined && (
        <ShownOnce title={`The key of ${make.data.name}`} secret={make.data.key}>
          Copy it now: it is shown this once and kept nowhere. If it is lost, end it and make another.
        </ShownOnce>
      )}
    </div>
  );
}

function EndKey({ ending, onClose }: { readonly ending: Key | null; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: async (keyId: number) => {
      await ask<undefined>(`/api/v1/keys/${keyId}`, { method: 'DELETE' });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: LISTED });
      onClose();
    },
  });
  return (
    <Confirm
      title={`End the key of ${ending?.name ?? ''}?`}
      verb="End it"
      isOpen={ending !== null}
      isDoing={end.isPending}
      error={end.error}
      onClose={onClose}
      onConfirm={() => {
        if (ending !== null) end.mutate(ending.keyId);
      }}
    >
      <p>Whatever uses it is refused within five seconds. A key that was ended cannot be had back.</p>
    </Confirm>
  );
}
