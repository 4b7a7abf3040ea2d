import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueSince } from '../../src/pipeline/schedule.ts';

const at = (text: string): number => Date.parse(text);
const told = (since: string, now: string) =>
  dueSince(at(since), at(now)).map((due) => `${due.occasion} ${new Date(due.at).toISOString().slice(0, 16)}`);

describe('what fell due', () => {
  it('is nothing between two hours, and the hour on the hour', () => {
    expect(told('2026-03-10T10:00:00Z', '2026-03-10T10:59:59.999Z')).toEqual([]);
    expect(told('2026-03-10T10:59:59Z', '2026-03-10T11:00:00Z')).toEqual(['hour 2026-03-10T11:00']);
    expect(told('2026-03-10T11:00:00Z', '2026-03-10T11:00:00Z')).toEqual([]);
  });

  it('of hours is the last, of midnights every one', () => {
    expect(told('2026-03-10T21:30:00Z', '2026-03-12T02:10:00Z')).toEqual([
      'midnight 2026-03-11T00:00',
      'midnight 2026-03-12T00:00',
      'hour 2026-03-12T02:00',
    ]);
  });

  it('on the first of a year is every review, and on the first of another month only its own', () => {
    const year = told('2026-12-31T23:59:00Z', '2027-01-01T00:00:00Z');
    expect(year.map((line) => line.split(' ')[0]).sort()).toEqual(['interviews', 'midnight', 'migration', 'model']);
    expect(told('2026-04-30T23:59:00Z', '2026-05-01T00:00:00Z')).toEqual([
      'midnight 2026-05-01T00:00',
      'migration 2026-05-01T00:00',
    ]);
  });

  it('after a long absence is the latest sixty of a kind, and nothing when the clock went back', () => {
    const long = dueSince(at('2010-01-01T00:00:00Z'), at('2026-03-10T00:30:00Z'));
    expect(long.filter(({ occasion }) => occasion === 'midnight')).toHaveLength(60);
    expect(long.filter(({ occasion }) => occasion === 'migration').at(-1)?.at).toBe(at('2026-03-01T00:00:00Z'));
    expect(long.filter(({ occasion }) => occasion === 'interviews')).toHaveLength(16);
    expect(told('2026-03-10T12:00:00Z', '2026-03-09T12:00:00Z')).toEqual([]);
  });

  it('is the same in one step as in many', () => {
    const start = at('2026-02-20T00:00:00Z');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 * 86_400_000 }), { minLength: 1, maxLength: 4 }), (steps) => {
        const isDaily = ({ occasion }: { occasion: string }): boolean => occasion !== 'hour';
        let since = start;
        const parts = steps.flatMap((step) => {
          const found = dueSince(since, since + step);
          since += step;
          return found;
        });
        expect(parts.filter(isDaily)).toEqual(dueSince(start, since).filter(isDaily).slice(-parts.length));
      }),
      { numRuns: 50, seed: 7 },
    );
  });
});
