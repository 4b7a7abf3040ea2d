import { Button, Group, Modal, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { RefusalNote } from './refusal-note.tsx';

/** Asks before something that cannot be undone; with `typed`, only whoever writes that word may go on. */
export function Confirm({
  title,
  verb,
  typed,
  isOpen,
  isDoing,
  error,
  onClose,
  onConfirm,
  children,
}: {
  readonly title: string;
  /** What the button says. */
  readonly verb: string;
  readonly typed?: string;
  readonly isOpen: boolean;
  readonly isDoing: boolean;
  readonly error: Error | null;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
  readonly children: ReactNode;
}) {
  const [text, setText] = useState('');
  const close = () => {
    setText('');
    onClose();
  };
  return (
    <Modal opened={isOpen} onClose={close} title={title}>
      <form
        style={{ display: 'grid', gap: 'var(--bw-space-4)' }}
        onSubmit={(event) => {
          event.preventDefault();
          setText('');
          onConfirm();
        }}
      >
        <div>{children}</div>
        {typed !== undefined && (
          <TextInput
            label={`Type ${typed} to go on`}
            autoComplete="off"
            value={text}
            onChange={({ currentTarget: { value } }) => setText(value)}
          />
        )}
        <RefusalNote error={error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button type="submit" color="red" loading={isDoing} disabled={typed !== undefined && text !== typed}>
            {verb}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
