import { PasswordInput } from '@mantine/core';
import { useState } from 'react';

const LEAST = 12;
const MOST = 128;

/** A password that is chosen: how long it must be, and how far one is. What everybody tries first, the server refuses. */
export function NewPassword({
  label = 'Password',
  name = 'password',
}: {
  readonly label?: string;
  readonly name?: string;
}) {
  const [text, setText] = useState('');
  const missing = LEAST - text.length;
  const told =
    text === ''
      ? `${LEAST} characters or more. A few words in a row make a good one.`
      : missing > 0
        ? `${missing} more ${missing === 1 ? 'character' : 'characters'}.`
        : 'Long enough.';
  return (
    <PasswordInput
      name={name}
      label={label}
      description={<span aria-live="polite">{told}</span>}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
      required
      minLength={LEAST}
      maxLength={MOST}
      value={text}
      onChange={({ currentTarget: { value } }) => setText(value)}
    />
  );
}
