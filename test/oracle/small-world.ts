import type { Model } from '../../src/definition/model.ts';
import type { FactTableName } from '../../src/model/table.ts';
import { eventRow } from './random-events.ts';
import { emptyModel, NO_PREDICATES, sourceOf } from './random-model.ts';
import { accountRow } from './random-people.ts';
import { NO_FACTS } from './random-world.ts';
import type { EventRow, Facts } from './rows.ts';
import type { Predicates, World } from './world.ts';

/** The as-of of the small worlds: a Monday, so that the ranking is of the same instant. */
export const AS_OF = new Date('2025-06-02T00:00:00.000Z');

/** An instant `days` (fractions allowed) before the as-of. */
export function daysAgo(days: number): Date {
  return new Date(AS_OF.getTime() - Math.round(days * 86_400_000));
}

/** An instant so many days, hours and minutes after the midnight that lies `days` before the as-of. */
export function onDay(days: number, hours: number, minutes = 0): Date {
  return new Date(daysAgo(days).getTime() + (hours * 60 + minutes) * 60_000);
}

/** An event of a user of account `a`. */
export function act(user: string | null, event: string, time: Date, more: Partial<EventRow> = {}): EventRow {
  return eventRow(event, time, { user_id: user, account_id: 'a', ...more });
}

/**
 * A world of given facts in which every table with rows is a source that covers all of 2023 to 2026. Account `a`,
 * created 400 days before the as-of, is there unless accounts are given.
 */
export function smallWorld(
  facts: Partial<Facts>,
  model: Partial<Model> = {},
  predicates: Partial<Predicates> = {},
): World {
  const all: Facts = { ...NO_FACTS, accounts: [accountRow('a', { created: daysAgo(400) })], ...facts };
  const tables = (Object.keys(all) as FactTableName[]).filter((table) => all[table].length > 0);
  const covers = {
    coversFrom: new Date('2023-01-01T00:00:00.000Z'),
    completeThrough: new Date('2026-12-31T00:00:00.000Z'),
  };
  const sources = tables.map((table) => sourceOf(table, covers));
  return {
    facts: all,
    model: { ...emptyModel(sources), ...model },
    predicates: { ...NO_PREDICATES, ...predicates },
  };
}
