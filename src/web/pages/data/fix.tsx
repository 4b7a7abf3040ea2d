import { Button, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { QuarantineBody, ReplayedBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import styles from './data.module.css';

type Row = QuarantineBody['rows'][number];
type Fields = Readonly<Record<string, string>>;

/** What a refused row said, by the columns of its file; null: the line could not be taken apart. */
export function fieldsOf({ raw }: Row): Fields | null {
  try {
    const value: unknown = JSON.parse(raw);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]): [string, string] => [
        name,
        each === null ? '' : typeof each === 'object' ? JSON.stringify(each) : String(each),
      ]),
    );
  } catch {
    return null;
  }
}

/** A refused row to be corrected; it goes through the same door, and says why where it is refused again. */
export function Fix({
  faults,
  fields,
  onClose,
}: {
  readonly faults: readonly [Row, ...Row[]];
  readonly fields: Fields;
  readonly onClose: () => void;
}) {
  const [row, setRow] = useState(fields);
  const queries = useQueryClient();
  const [{ table, file, line }] = faults;
  const replay = useMutation({
    mutationFn: () =>
      ask<ReplayedBody>('/api/v1/quarantine/replay', { method: 'POST', body: { table, file, line, row } }),
    onSuccess: ({ outcome }) => {
      if (outcome === 'refused') return;
      const message = outcome === 'accepted' ? 'The row is taken.' : 'The same was taken before; nothing was added.';
      notifications.show({ message: `${message} It is no longer in quarantine.` });
      void queries.invalidateQueries({ queryKey: ['data'] });
    },
  });
  const again = replay.data?.outcome === 'refused' ? replay.data.refusals : null;
  const faultOf = (name: string): string | undefined =>
    again === null
      ? faults.find(({ field }) => field === name)?.message
      : again.find(({ field }) => field === name)?.message;
  const others = (again ?? []).filter(({ field }) => !(field in row));
  return (
    <form
      style={{ display: 'grid', gap: 'var(--bw-space-3)' }}
      onSubmit={(event) => {
        event.preventDefault();
        replay.mutate();
      }}
    >
      <div className={styles['fields']}>
        {Object.entries(row).map(([name, value]) => (
          <TextInput
            key={name}
            size="xs"
            label={name}
            value={value}
            error={faultOf(name)}
            onChange={({ currentTarget: { value: next } }) => setRow({ ...row, [name]: next })}
          />
        ))}
      </div>
      {others.map(({ field, reason, message }) => (
        <p key={`${field} ${reason}`} role="alert" style={{ color: 'var(--bw-bad)' }}>
          Refused again: {field} {message}.
        </p>
      ))}
      <RefusalNote error={replay.error} />
      <div className={styles['row']}>
        <Button type="submit" size="xs" loading={replay.isPending}>
          Send it again
        </Button>
        <Button size="xs" variant="default" onClick={onClose}>
          Leave it
        </Button>
      </div>
    </form>
  );
}
