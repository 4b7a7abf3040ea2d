import { expect, test } from 'vitest';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import { leftOutEdit, ownSignalsIn, signalEdit } from '../../src/web/pages/data/signals/signal-text.ts';
import { withEvent } from '../../src/web/pages/data/taxonomy-edit.ts';

const TEXT = writeDefaultModel();
const applied = ({
  from,
  to,
  insert,
}: {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}): string => TEXT.slice(0, from) + insert + TEXT.slice(to);
const changed = (next: string): readonly string[] => {
  const lines = new Set(TEXT.split('\n'));
  return next.split('\n').filter((line) => !lines.has(line));
};

test('a signal that is edited changes its own lines and no others', () => {
  const [signal] = ownSignalsIn(TEXT) ?? [];
  if (signal === undefined) throw new Error('the default model has no own signal');
  const next = applied(signalEdit(TEXT, signal.name, { ...signal, name: 'exports_60d', windowDays: 60 }));
  expect(changed(next)).toEqual(['  exports_60d:', '    window_days: 60']);
});

test('who is left out is edited in its place', () => {
  const next = applied(leftOutEdit(TEXT, 'accounts', "name like 'Demo %'"));
  expect(changed(next)).toEqual(["  accounts: name like 'Demo %'"]);
});

test('an event that is put into an area leaves every other part of the file as it was', () => {
  const next = withEvent(TEXT, 'chart_pinned', { area: 'reporting' }) ?? '';
  expect(next).toMatch(/reporting: \{ events: \[[^\]]*chart_pinned ?\]/);
  const after = (text: string): string => text.slice(text.indexOf('\nactivation:'));
  expect(after(next)).toBe(after(TEXT));
});
