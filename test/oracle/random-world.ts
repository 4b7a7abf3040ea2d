import type { Source } from '../../src/definition/model.ts';
import type { FactTableName } from '../../src/model/table.ts';
import { DAY } from './instants.ts';
import { dayAfter, type Random, randomOf } from './random.ts';
import { randomContracts, randomRates } from './random-contracts.ts';
import { ANONYMOUS_SOURCE, randomEvents } from './random-events.ts';
import { randomModel, sourceOf } from './random-model.ts';
import { type Plan, planOf, type WorldOptions } from './random-options.ts';
import { type Cast, randomCast } from './random-people.ts';
import {
  randomCosts,
  randomMeters,
  randomNeeds,
  randomNotes,
  randomNps,
  randomOpportunities,
  randomReleases,
  randomTickets,
  randomTouches,
  randomTraits,
} from './random-voice.ts';
import type { Facts } from './rows.ts';
import { STREAMS, type World } from './world.ts';

/** A random world and the instants as of which it is worth looking at. */
export interface RandomWorld extends World {
  /** The end of the history (a midnight), earlier and later midnights, and one instant that is no midnight. */
  readonly asOfs: readonly Date[];
}

/** No facts at all. */
export const NO_FACTS: Facts = {
  accounts: [],
  users: [],
  events: [],
  contracts: [],
  tickets: [],
  nps: [],
  costs: [],
  touches: [],
  needs: [],
  releases: [],
  opportunities: [],
  identities: [],
  account_links: [],
  traits: [],
  meters: [],
  rates: [],
  notes: [],
};

function randomFacts(random: Random, plan: Plan, cast: Cast): Facts {
  return {
    accounts: cast.accounts,
    users: cast.people,
    identities: cast.identities,
    account_links: cast.links,
    events: randomEvents(random, plan, cast),
    contracts: randomContracts(random, plan, cast),
    rates: randomRates(random, plan),
    tickets: randomTickets(random, plan, cast),
    nps: randomNps(random, plan, cast),
    costs: randomCosts(random, plan, cast),
    touches: randomTouches(random, plan, cast),
    needs: randomNeeds(random, plan, cast),
    releases: randomReleases(random, plan),
    opportunities: randomOpportunities(random, plan, cast),
    meters: randomMeters(random, plan, cast),
    notes: randomNotes(random, plan, cast),
    traits: randomTraits(random, plan, cast),
  };
}

/** Tables that a world may do without; rates stay, since contracts need them. */
const DISPENSABLE: readonly FactTableName[] = [
  'users',
  'contracts',
  'tickets',
  'nps',
  'costs',
  'touches',
  'needs',
  'releases',
  'opportunities',
  'meters',
  'notes',
];

function withoutSome(random: Random, plan: Plan, facts: Facts): { facts: Facts; absent: Set<FactTableName> } {
  const absent = new Set<FactTableName>();
  if (plan.has('absentTables')) {
    for (const table of DISPENSABLE) if (random.chance(0.08)) absent.add(table);
    if (random.chance(0.03)) absent.add('events');
    if (random.chance(0.03)) absent.add('accounts');
  }
  const kept = Object.fromEntries(
    Object.entries(facts).map(([table, rows]) => [table, absent.has(table as FactTableName) ? [] : rows]),
  );
  return { facts: kept as unknown as Facts, absent };
}

/** What a source states of its coverage: nothing, or that it begins late, or that it ends early or late. */
function statedCoverage(random: Random, plan: Plan, table: FactTableName): Partial<Source> {
  const isStream = STREAMS.includes(table);
  if (!plan.has(isStream ? 'coverage' : 'registerCoverage')) return {};
  const from = random.pick([null, null, -30, -30, -30, -30, -30, 100, 300, 460, 489]);
  const through = random.pick([null, null, 521, 521, 525, 525, 530, 519, 510, 480]);
  return {
    coversFrom: from === null ? null : dayAfter(plan.start, from),
    completeThrough: through === null ? null : dayAfter(plan.start, through),
  };
}

function sourcesOf(random: Random, plan: Plan, facts: Facts, absent: ReadonlySet<FactTableName>): Source[] {
  const sources: Source[] = [];
  for (const table of Object.keys(facts) as FactTableName[]) {
    const isNamed = facts[table].length > 0 || (!absent.has(table) && random.chance(0.5));
    if (!isNamed) continue;
    sources.push(sourceOf(table, statedCoverage(random, plan, table)));
    if (table === 'events' && facts.events.some((event) => event.source === ANONYMOUS_SOURCE)) {
      sources.push(sourceOf(table, { ...statedCoverage(random, plan, table), name: ANONYMOUS_SOURCE }));
    }
  }
  return sources;
}

/** A small random world; the same seed and options give the same world. */
export function randomWorld(seed: number, options: WorldOptions = {}): RandomWorld {
  const random = randomOf(seed);
  const plan = planOf(random, options);
  const cast = randomCast(random, plan);
  const { facts, absent } = withoutSome(random, plan, randomFacts(random, plan, cast));
  const sources = sourcesOf(random, plan, facts, absent);
  const { model, predicates } = randomModel(random, plan, sources);
  const live = plan.end - random.int(1, 40) * DAY + random.int(1, DAY - 1);
  return {
    facts,
    model,
    predicates,
    asOfs: [plan.end, plan.end - random.int(1, 60) * DAY, plan.end + 9 * DAY, live].map((at) => new Date(at)),
  };
}
