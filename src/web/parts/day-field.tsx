import { ActionIcon, TextInput, type TextInputProps } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { dayAfter, dayFault, readDay } from '../day.ts';
import { dayText } from '../format.ts';

/**
 * A day, read and written as everywhere in the app: 21 Nov 2026. It may be typed (ISO too), moved by the arrow keys, or
 * taken from the browser's own calendar. What stands in the field counts on Enter, or when the field is left.
 */
export function DayField({
  value,
  latest,
  onChange,
  label,
  name,
  ...field
}: Pick<TextInputProps, 'id' | 'size' | 'label'> & {
  /** ISO day; null: none. */
  readonly value: string | null;
  /** The last day that may be chosen. */
  readonly latest?: string;
  /** What the day is, where the label stands elsewhere. */
  readonly name?: string;
  readonly onChange: (day: string | null) => void;
}) {
  const shown = value === null ? '' : dayText(value);
  const [text, setText] = useState(shown);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    setText(shown);
    setFault(null);
  }, [shown]);
  const take = (written: string): void => {
    const wrong = dayFault(written, latest);
    setFault(wrong);
    if (wrong !== null) return;
    const day = readDay(written);
    setText(day === null ? '' : dayText(day));
    if (day !== value) onChange(day);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    const day = readDay(text);
    if (event.key === 'Enter') take(text);
    else if (step === 0 || day === null) return;
    else if (dayFault(dayAfter(day, step), latest) === null) setText(dayText(dayAfter(day, step)));
    event.preventDefault();
  };
  return (
    <div style={{ width: 164 }}>
      <TextInput
        {...field}
        label={label}
        value={text}
        error={fault}
        placeholder="e.g. 21 Nov 2026"
        autoComplete="off"
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onBlur={() => take(text)}
        onKeyDown={onKeyDown}
        rightSection={<Calendar name={name ?? String(label)} {...{ value, latest }} onChoose={take} />}
      />
    </div>
  );
}

/** A button that opens the browser's own calendar, whose field nobody sees. */
function Calendar({
  name,
  value,
  latest,
  onChoose,
}: {
  readonly name: string;
  readonly value: string | null;
  readonly latest: string | undefined;
  readonly onChoose: (day: string) => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={`Calendar: ${name}`}
        onClick={() => field.current?.showPicker()}
      >
        <IconCalendar size={16} aria-hidden />
      </ActionIcon>
      <input
        ref={field}
        type="date"
        tabIndex={-1}
        aria-hidden
        value={value ?? ''}
        max={latest}
        onChange={({ currentTarget }) => onChoose(currentTarget.value)}
        style={{ position: 'absolute', right: 0, bottom: 0, width: 1, height: 1, opacity: 0, pointerEvents: 'none' }}
      />
    </>
  );
}
