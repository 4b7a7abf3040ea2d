import { describe, expect, test } from 'vitest';
import { type Custom, DAY_MS, type History, type PastAccount } from '../../src/evidence/history.ts';
import { outcomeAfter } from '../../src/evidence/outcome.ts';
import { BEGIN, pastOf } from './past.ts';

const at = (day: number): number => BEGIN + day * DAY_MS;

function outcome(history: History, day: number) {
  const [account] = history.accounts;
  if (account === undefined) throw new Error('one account is told');
  return outcomeAfter(history, account, at(day));
}

/** A history of one account that pays as the steps say, day by day. */
function paying(steps: readonly (readonly [day: number, arr: number | null])[], churned: number | null): History {
  const history = pastOf([{ id: 'a', created: 0, churned: churned ?? undefined }], 400, []);
  const [account] = history.accounts as [PastAccount];
  const arr = steps.map(([day, value]) => ({ atMs: at(day), arr: value, isCustomer: value !== null }));
  const custom: Custom = { ...account.apart, arr, terms: [{ endsMs: at(365), knownMs: at(0) }] };
  return { ...history, accounts: [{ ...account, apart: custom, linked: custom }] };
}

describe('after a landmark', () => {
  test('who churns is watched until that day, who stays until the end', () => {
    expect(outcome(pastOf([{ id: 'a', created: 0, churned: 90 }], 400, []), 30)).toMatchObject({
      days: 60,
      isChurned: true,
    });
    expect(outcome(pastOf([{ id: 'a', created: 0 }], 400, []), 30)).toMatchObject({ days: 370, isChurned: false });
  });

  test('who has left, is not there yet, or is not watched any more is not at risk', () => {
    const left = pastOf([{ id: 'a', created: 10, churned: 90 }], 400, []);
    expect([outcome(left, 5), outcome(left, 10), outcome(left, 90), outcome(left, 120)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(outcome(pastOf([{ id: 'a', created: 0 }], 400, []), 400)).toBeNull();
  });

  test('churn that lies after the end of what is known is not seen', () => {
    expect(outcome(pastOf([{ id: 'a', created: 0, churned: 500 }], 400, []), 30)).toMatchObject({
      days: 370,
      isChurned: false,
    });
  });

  test('a merger ends the watch, and is no churn', () => {
    const merged = pastOf([{ id: 'a', created: 0, churned: 100, linked: 80 }], 400, []);
    expect(outcome(merged, 30)).toMatchObject({ days: 50, isChurned: false, isLinked: true });
    expect(outcome(merged, 90)).toMatchObject({ days: 10, isChurned: true, isLinked: false });
  });

  test('ARR counts from the moment after its midnight, and 5% make a change', () => {
    const history = paying(
      [
        [1, 1000],
        [101, 1049],
        [201, 1050],
        [301, 940],
      ],
      null,
    );
    expect(outcome(history, 50)).toMatchObject({ arr: 1000, expandedDays: 150, contractedDays: 250, termDays: 315 });
    expect(outcome(history, 250)).toMatchObject({ arr: 1050, expandedDays: null, contractedDays: 50 });
  });

  test('what changes after churn is no expansion, and unknown ARR changes nothing', () => {
    expect(
      outcome(
        paying(
          [
            [1, 1000],
            [151, null],
            [201, 5000],
          ],
          150,
        ),
        50,
      ),
    ).toMatchObject({ expandedDays: null });
    expect(
      outcome(
        paying(
          [
            [1, null],
            [101, 500],
          ],
          null,
        ),
        50,
      ),
    ).toMatchObject({
      arr: null,
      expandedDays: null,
      contractedDays: null,
    });
  });
});
