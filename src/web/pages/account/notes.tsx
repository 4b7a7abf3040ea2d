import { Button, SegmentedControl, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { NoteBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';
import { dayText, wordText } from '../../format.ts';
import { Term } from '../../parts/term.tsx';
import { useMay } from '../../shell/session.ts';
import styles from './account.module.css';
import { notesQuery, statedNotes, stateNote } from './ask-account.ts';
import { Told } from './override.tsx';
import { Coming, Nothing, Section } from './section.tsx';

const FEW = 6;
const LOOK_MILLIS = 2_500;
const MOST_LOOKS = 24;
const PULSES = [
  { value: 'green', label: '● Green' },
  { value: 'yellow', label: '▲ Yellow' },
  { value: 'red', label: '■ Red' },
];

/** What was written is a fact within a second, or later where much is to be done; until it is read it is shown as it was said. */
function useStating(id: string) {
  const queries = useQueryClient();
  const { queryKey } = notesQuery(id);
  const look = async (left: number): Promise<void> => {
    await queries.invalidateQueries({ queryKey });
    if (statedNotes(queries, id).length === 0) await queries.invalidateQueries({ queryKey: ['account', id] });
    else if (left > 1) setTimeout(() => void look(left - 1), LOOK_MILLIS);
  };
  return (note: NoteBody) => {
    stateNote(queries, id, note);
    setTimeout(() => void look(MOST_LOOKS), LOOK_MILLIS);
  };
}

/** Question: how does it feel, and what do people know of it? Notes up to `before`; null: now, where one can write. */
export function Notes({ id, before }: { readonly id: string; readonly before: string | null }) {
  const { data, error } = useQuery(notesQuery(id));
  const may = useMay('notes.write') && before === null;
  if (data === undefined) return <Coming height={160} error={error} what="Notes" />;
  const notes = data.notes.filter(({ time }) => before === null || time < before);
  const pulse = notes.find(({ kind }) => kind === 'pulse');
  return (
    <Section id="notes" title={<>Pulse and notes</>}>
      <p>
        <Term word="pulse">Pulse</Term>:{' '}
        {pulse === undefined ? (
          <span className="muted">nobody has said</span>
        ) : (
          <>
            <strong>{PULSES.find(({ value }) => value === pulse.text)?.label ?? pulse.text}</strong>{' '}
            <span className="muted small">
              {pulse.author}, {dayText(pulse.time)}
            </span>
          </>
        )}
      </p>
      {may && <PulseForm id={id} pulse={pulse?.text ?? null} />}
      {may && <NoteForm id={id} />}
      <NoteList notes={notes.filter(({ kind }) => kind !== 'pulse')} />
    </Section>
  );
}

function PulseForm({ id, pulse }: { readonly id: string; readonly pulse: string | null }) {
  const state = useStating(id);
  const give = useMutation({
    mutationFn: (said: string) =>
      ask<NoteBody>(`/api/v1/accounts/${encodeURIComponent(id)}/pulse`, { method: 'POST', body: { pulse: said } }),
    onSuccess: state,
  });
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="Say how it feels"
        data={PULSES}
        value={pulse ?? ''}
        onChange={(said) => give.mutate(said)}
        style={{ justifySelf: 'start' }}
      />
      {give.error !== null && <Told error={give.error} />}
    </>
  );
}

function NoteForm({ id }: { readonly id: string }) {
  const [text, setText] = useState('');
  const state = useStating(id);
  const write = useMutation({
    mutationFn: (written: string) =>
      ask<NoteBody>(`/api/v1/accounts/${encodeURIComponent(id)}/notes`, {
        method: 'POST',
        body: { kind: 'call', text: written.trim() },
      }),
    onSuccess: (note, written) => {
      state(note);
      // The next note may be typed by now.
      setText((now) => (now === written ? '' : now));
    },
  });
  return (
    <form
      style={{ display: 'grid', gap: 'var(--bw-space-2)' }}
      onSubmit={(event) => {
        event.preventDefault();
        write.mutate(text);
      }}
    >
      <Textarea
        aria-label="A note"
        placeholder="What happened, what was agreed"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        autosize
        minRows={2}
        maxRows={8}
      />
      {write.error !== null && <Told error={write.error} />}
      {text.trim() !== '' && (
        <Button type="submit" size="xs" loading={write.isPending} style={{ justifySelf: 'start' }}>
          Save note
        </Button>
      )}
    </form>
  );
}

function NoteList({ notes }: { readonly notes: readonly NoteBody[] }) {
  if (notes.length === 0) return <Nothing>No note yet.</Nothing>;
  return (
    <ul className={styles['list']}>
      {notes.slice(0, FEW).map((note, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two alike may be written at one instant
        <li key={`${note.time} ${index}`} className={styles['note']}>
          <span style={{ whiteSpace: 'pre-wrap' }}>{note.text}</span>
          <span className="muted small">
            {note.author}, {wordText(note.kind)}, {dayText(note.time)}
          </span>
        </li>
      ))}
    </ul>
  );
}
