import { expect, test } from 'vitest';
import { dayAfter, dayFault, readDay } from '../../src/web/day.ts';

test.each([
  ['21 Nov 2026', '2026-11-21'],
  ['1 march 2026', '2026-03-01'],
  [' 5. Sept. 2026 ', '2026-09-05'],
  ['2026-02-28', '2026-02-28'],
  ['29 Feb 2028', '2028-02-29'],
])('%s is a day', (text, day) => {
  expect(readDay(text)).toBe(day);
});

test.each(['29 Feb 2026', '31 Apr 2026', '11/21/2026', '21 Nov', '2026-13-01', 'tomorrow', '0 Nov 2026'])(
  '%s is none',
  (text) => {
    expect(readDay(text)).toBeNull();
    expect(dayFault(text, undefined)).toBe('Write a day as 21 Nov 2026.');
  },
);

test('a day after the last one is refused with the last one, and no day at all is fine', () => {
  expect(dayFault('22 Nov 2026', '2026-11-21')).toBe('21 Nov 2026 is the last day there is.');
  expect(dayFault('21 Nov 2026', '2026-11-21')).toBeNull();
  expect(dayFault('  ', '2026-11-21')).toBeNull();
  expect([dayAfter('2026-02-28', 1), dayAfter('2026-01-01', -1)]).toEqual(['2026-03-01', '2025-12-31']);
});
