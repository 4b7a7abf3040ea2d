import type { Source } from '../../src/definition/model.ts';
import type { FactTableName } from '../../src/model/table.ts';
import { acceptedFacts } from './acceptance.ts';
import { instantOf, sourcesOf } from './coverage.ts';
import type { Facts } from './rows.ts';
import type { World } from './world.ts';

const unlessLater = (date: Date | null, at: Date): Date | null => (date !== null && date >= at ? null : date);

/**
 * The world as it could have been seen at `at`: only facts before it, ends that had not come taken out, and the
 * coverage of the whole world stated. Declared accounts and rates stay: they have no time of becoming known.
 */
export function cutWorld(world: World, at: Date): World {
  const accepted = acceptedFacts(world.facts);
  const isBefore = (table: FactTableName, row: unknown): boolean => {
    const instant = instantOf(table, row);
    return table === 'accounts' || instant === null || instant < at.getTime();
  };
  const kept = Object.fromEntries(
    Object.entries(accepted).map(([table, rows]) => [
      table,
      (rows as readonly unknown[]).filter((row) => isBefore(table as FactTableName, row)),
    ]),
  ) as unknown as Facts;
  const facts: Facts = {
    ...kept,
    users: kept.users.map((row) => ({ ...row, to: unlessLater(row.to, at) })),
    contracts: kept.contracts.map((row) => ({
      ...row,
      ends: unlessLater(row.ends, at),
      notice: unlessLater(row.notice, at),
    })),
    tickets: kept.tickets.map((row) => ({ ...row, closed: unlessLater(row.closed, at) })),
    opportunities: kept.opportunities.map((row) => ({ ...row, won: unlessLater(row.won, at) })),
  };
  const sources = world.model.sources.map((source): Source => {
    const own = world.model.sources.filter((other) => other.table === source.table).indexOf(source);
    const covered = sourcesOf(world, accepted, source.table)[own];
    return {
      ...source,
      coversFrom: covered?.coversFrom ?? source.coversFrom,
      completeThrough: covered?.completeThrough ?? source.completeThrough,
    };
  });
  return { ...world, facts, model: { ...world.model, sources } };
}
