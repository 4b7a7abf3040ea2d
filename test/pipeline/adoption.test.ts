import { afterAll, beforeAll, expect, test } from 'vitest';
import { AnswerBook } from '../../src/activation/book.ts';
import type { Engines } from '../../src/pipeline/engines.ts';
import { LiveLoop } from '../../src/pipeline/live.ts';
import { listMoves } from '../../src/pipeline/moves.ts';
import { latestPublication, type ModelText, publish } from '../../src/pipeline/publication.ts';
import { LIVE_MODEL, type OpenEngines, openEngines } from '../api/serving.ts';
import { loadRows } from '../profile/load-world.ts';

const DAY = 86_400_000;
/** A Tuesday, at noon. */
const NOW = Date.UTC(2026, 2, 10, 12);
/** Everybody who made a report is busy. */
const LOOSER = LIVE_MODEL.replace('reports_30d >= 5', 'reports_30d >= 1').replace('reports_30d < 5', 'reports_30d < 1');

let engines: OpenEngines;
beforeAll(async () => {
  engines = await openEngines();
  const created = new Date(NOW - 300 * DAY);
  const event = (name: string, days: number) => ({
    ...{ account_id: 'acme', user_id: 'ada', event: name, time: new Date(NOW - days * DAY), source: 'tracking' },
  });
  await loadRows(
    engines.warehouse,
    new Map<string, readonly Record<string, unknown>[]>([
      ['events', [event('data_connected', 200), ...[8, 5, 2, 1].map((days) => event('report_created', days))]],
      ['accounts', [{ account_id: 'acme', created, name: 'acme' }]],
      ['users', [{ account_id: 'acme', user_id: 'ada', from: created }]],
      ['contracts', [{ account_id: 'acme', contract_id: 'k', starts: created, arr: 1200, kind: 'paid' }]],
    ]),
  );
});
afterAll(() => engines.close());

function loopOf(run: string) {
  const book = new AnswerBook();
  const adopted: ModelText[] = [];
  const failures: unknown[] = [];
  const own: Engines = { ...engines, run };
  const loop = new LiveLoop({
    ...{ engines: own, book, clock: () => NOW, pause: async () => undefined },
    onAdopted: (each) => adopted.push(each),
    onFailure: (error) => failures.push(error),
  });
  return { loop, book, adopted, failures };
}

test('what is published is adopted by the one who computes, then by the others, each all at once', async () => {
  const [first, second] = [loopOf('one'), loopOf('two')];
  await first.loop.round();
  await second.loop.round();
  const said = () => [first, second].map(({ book }) => book.account('acme')?.segment);
  expect(said()).toEqual(['Quiet', 'Quiet']);
  const file = { model: engines.model, modelText: engines.modelText };
  await publish(engines.ledger, { text: LOOSER, note: 'looser', author: 'ada', now: new Date(NOW), file });

  await second.loop.round();
  expect([said(), second.adopted.length]).toEqual([['Quiet', 'Quiet'], 0]);
  await first.loop.round();
  expect(said()).toEqual(['Busy', 'Quiet']);
  expect((await latestPublication(engines.ledger))?.adoptedAt).not.toBeNull();
  await second.loop.round();
  expect(said()).toEqual(['Busy', 'Busy']);
  expect([first, second].map(({ adopted }) => adopted.map(({ modelText }) => modelText))).toEqual([[LOOSER], [LOOSER]]);
  const moves = await listMoves(engines, {});
  expect(moves.map(({ from, to, cause }) => [from, to, cause])).toEqual([
    [null, 'Quiet', 'first assignment'],
    ['Quiet', 'Busy', 'model edit'],
  ]);
  expect([first.failures, second.failures]).toEqual([[], []]);
  await second.loop.stop();
  await first.loop.stop();
});
