import { Button, Modal, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ModelBody, PublishedBody } from '../../../api/contract.ts';
import { ask, Refusal } from '../../ask.ts';
import { wholeText } from '../../format.ts';
import { Words } from '../../parts/words.tsx';
import styles from './model.module.css';

/** What is about to be published: a text, or an earlier version again. */
export type ToPublish =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'version'; readonly version: string };

const FILE_WORDS: Readonly<Record<ModelBody['file'], string>> = {
  same: 'bellwether.yaml says the same now.',
  other: 'bellwether.yaml holds changes that nobody published, and was left as it is.',
  unwritten: 'bellwether.yaml could not be written: it still says what was in force before.',
  none: '',
};

/** Publishes upon the version that was seen, and tells what became of the file. */
function usePublication(model: ModelBody, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ wanted, note }: { readonly wanted: ToPublish; readonly note: string }) => {
      const last = model.coming ?? model.publication;
      const headers = { 'if-match': `"model-${last?.version ?? model.version}-${last?.publicationId ?? 0}"` };
      const [path, body] =
        wanted.kind === 'text'
          ? ['/api/v1/model/publications', { text: wanted.text, note }]
          : ['/api/v1/model/roll-back', { version: wanted.version, note }];
      return ask<PublishedBody>(path, { method: 'POST', headers, body });
    },
    onSuccess: async ({ file }) => {
      onDone();
      notifications.show({
        title: 'Published',
        message: `Accounts are answered by it as soon as all of them have been computed. ${FILE_WORDS[file]}`,
      });
      await queries.invalidateQueries({ queryKey: ['model'] });
    },
  });
}

/** Publishes with a note, after the change was shown in words. */
export function PublishDialog({
  what,
  model,
  changes,
  moves,
  onClose,
  onDone,
}: {
  /** Null: nothing is about to be published. */
  readonly what: ToPublish | null;
  readonly model: ModelBody;
  readonly changes: readonly string[];
  /** How many accounts would move; null: not known. */
  readonly moves: number | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const [note, setNote] = useState('');
  const publish = usePublication(model, () => {
    setNote('');
    onDone();
  });
  const isBack = what?.kind === 'version';
  return (
    <Modal
      opened={what !== null}
      onClose={onClose}
      title={isBack ? 'Go back to this version' : 'Publish this draft'}
      size="lg"
    >
      <form
        style={{ display: 'grid', gap: 'var(--bw-space-3)' }}
        onSubmit={(event) => {
          event.preventDefault();
          if (what !== null) publish.mutate({ wanted: what, note });
        }}
      >
        <Changes changes={changes} />
        {moves !== null && (
          <p>
            {moves === 0 ? 'Nobody moves by the rules alone.' : `${wholeText(moves)} accounts move by the rules alone.`}{' '}
            An edit that was looked at first opens no hold.
          </p>
        )}
        <Textarea
          label="What it is for"
          description="It stays in the history, beside your name."
          required
          autosize
          minRows={2}
          value={note}
          onChange={({ currentTarget: { value } }) => setNote(value)}
        />
        {publish.error !== null && (
          <p role="alert" style={{ color: 'var(--bw-bad)' }}>
            {publish.error.message} {publish.error instanceof Refusal ? publish.error.next : ''}
          </p>
        )}
        <Button type="submit" loading={publish.isPending} disabled={note.trim() === ''}>
          {isBack ? 'Go back' : 'Publish'}
        </Button>
      </form>
    </Modal>
  );
}

function Changes({ changes }: { readonly changes: readonly string[] }) {
  if (changes.length === 0) return <p className="muted">Nothing that means anything to the rules.</p>;
  return (
    <ul className={styles['words']}>
      {changes.map((words) => (
        <li key={words}>
          <Words>{words}</Words>
        </li>
      ))}
    </ul>
  );
}
