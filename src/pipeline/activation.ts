import { type AdoptionOrder, adoptionOrder, median } from '../activation/adoption-order.ts';
import { type AreaGroup, areaGroups, areaSentence, type UseCount } from '../activation/area-use.ts';
import { type Funnel, funnelOf } from '../activation/funnel.ts';
import {
  type AccountJourney,
  type AccountProgress,
  readAccountJourneys,
  readAccountProgress,
  readFirsts,
  readRuns,
  readStalledUsers,
  readUse,
  readUserMedians,
  readUserProgress,
  type StalledUser,
} from '../activation/journey-table.ts';
import { type WorkflowFunnel, workflowFunnel } from '../activation/workflow-funnel.ts';
import { buildJourneys, dropJourneys, type JourneyTables } from '../profile/journey.ts';
import { computeProfiles, dropProfiles, type ProfileTables } from '../profile/profile.ts';
import type { AccountRow } from './accounts.ts';
import type { Engines } from './engines.ts';

/** An account that stalls, the highest ARR first. */
interface StalledAccount {
  readonly accountId: string;
  readonly name: string | null;
  readonly step: string;
  readonly segment: string | null;
  readonly relationship: string;
  readonly csm: string | null;
  readonly arr: number | null;
}

/** Where users and accounts stall on their way to first value, and which area serves which segment: `activation --json`. */
export interface Activation {
  /** ISO instant. */
  readonly asOf: string;
  /** Up to when events were read: their completeness, where that is earlier. */
  readonly measuredAt: string;
  readonly currency: string;
  readonly users: Funnel;
  readonly accounts: Funnel;
  /** For each step the ten who were active last. */
  readonly stalledUsers: readonly (StalledUser & { readonly name: string | null })[];
  /** All that are no longer customers left out. */
  readonly stalledAccounts: readonly StalledAccount[];
  readonly workflows: readonly WorkflowFunnel[];
  readonly areas: {
    readonly bySegment: readonly AreaGroup[];
    readonly byTier: readonly AreaGroup[];
    /** Users with a feature area in 60 days whose account is in no segment. */
    readonly inNoSegment: number;
    readonly segmentSentence: string;
    readonly tierSentence: string;
  };
  readonly order: AdoptionOrder;
}

const DAY_MS = 86_400_000;
const SIGNALS: ReadonlySet<string> = new Set([
  ...['activation_depth', 'stalled_step', 'sequence_days', 'days_since_last_activity'],
]);
const WHY_ACCOUNTS = 'Older than the events, or without a day of creation: what they did first is not known.';
const WHY_USERS = 'No event says who did it, or the model names no user_sequence.';

/**
 * Where users and accounts stall, what they use, and in which order they came to it, as of an instant.
 *
 * `accounts`: every account as of it, with its segment. Counts are of the signals `activation_depth` and `stalled_step`;
 * accounts older than the events are counted as unknown, also where they are complete, since those alone would be seen.
 */
export async function activationOf(
  engines: Pick<Engines, 'warehouse' | 'model' | 'run'>,
  accounts: readonly AccountRow[],
  asOf: number,
): Promise<Activation> {
  const { warehouse, model } = engines;
  const run = `${engines.run}_activation`;
  try {
    const tables = await computeProfiles(warehouse, { model, asOfs: [asOf], run, signals: SIGNALS });
    const journeys = await buildJourneys(warehouse, { model, run, asOf });
    const read = await readAll(engines, tables, journeys);
    const byId = new Map(accounts.map((account) => [account.account_id, account]));
    return {
      ...{ asOf: new Date(asOf).toISOString(), measuredAt: new Date(journeys.measuredAt).toISOString() },
      currency: model.currency,
      users: userFunnel(model.activation.userSequence, read),
      accounts: accountFunnel(model.activation.accountSequence, read.progress, read.journeys),
      stalledUsers: read.stalledUsers.map((user) => ({ ...user, name: byId.get(user.accountId)?.name ?? null })),
      stalledAccounts: stalledAccounts(read.progress, byId),
      workflows: read.runs.map(workflowFunnel),
      areas: areasOf(engines, read.use, byId),
      order: orderOf(engines, read.firsts, read.progress.length, journeys.coversFrom),
    };
  } finally {
    await dropJourneys(warehouse, run);
    await dropProfiles(warehouse, run);
  }
}

async function readAll(
  { warehouse, model }: Pick<Engines, 'warehouse' | 'model'>,
  tables: ProfileTables,
  built: JourneyTables,
) {
  const { accountSequence, userSequence } = model.activation;
  const journeys = await readAccountJourneys(warehouse, built.accounts);
  return {
    journeys,
    progress: await readAccountProgress(warehouse, tables.accounts, accountSequence.length),
    users: await readUserProgress(warehouse, tables.users, userSequence.length),
    userMedians: await readUserMedians(warehouse, built.users, userSequence.length),
    stalledUsers: await readStalledUsers(warehouse, tables.users),
    use: await readUse(warehouse, tables.users, model.taxonomy.features.length),
    firsts: await readFirsts(warehouse, built.firstAreas, journeys),
    runs: await readRuns(warehouse, built.runs, model.taxonomy.workflows, built.measuredAt),
  };
}

type Read = Awaited<ReturnType<typeof readAll>>;

function userFunnel(steps: readonly string[], { users, userMedians }: Read): Funnel {
  return funnelOf({ unit: 'users', steps, ...users, medianDays: userMedians, whyUnknown: WHY_USERS });
}

function accountFunnel(
  steps: readonly string[],
  progress: readonly AccountProgress[],
  journeys: readonly AccountJourney[],
): Funnel {
  const known = new Set(progress.flatMap(({ accountId, taken }) => (taken === null ? [] : [accountId])));
  const told = journeys.filter(({ accountId }) => known.has(accountId));
  const days = (place: number): readonly number[] =>
    told.flatMap(({ createdMs, reach }) => {
      const at = reach[place] ?? 0;
      const before = place === 0 ? createdMs : (reach[place - 1] ?? 0);
      return at === 0 ? [] : [(at - before) / DAY_MS];
    });
  const places = [...steps, null].map((_, place) => progress.filter(({ taken }) => taken === place));
  return funnelOf({
    ...{ unit: 'accounts', steps, notBegun: 0, whyUnknown: WHY_ACCOUNTS },
    taken: places.map((members) => members.length),
    stalled: places.map((members) => members.filter(({ stalledStep }) => stalledStep !== null).length),
    medianDays: steps.map((_, place) => median(days(place))),
    unknown: progress.length - known.size,
  });
}

function stalledAccounts(
  progress: readonly AccountProgress[],
  byId: ReadonlyMap<string, AccountRow>,
): readonly StalledAccount[] {
  return progress
    .flatMap(({ accountId, stalledStep: step }): readonly StalledAccount[] => {
      const account = byId.get(accountId);
      if (step === null || account === undefined || account.relationship === 'churned') return [];
      const { name, segment, relationship, csm, arr } = account;
      return [{ accountId, name, step, segment, relationship, csm, arr }];
    })
    .sort((a, b) => (b.arr ?? -1) - (a.arr ?? -1) || (a.accountId < b.accountId ? -1 : 1));
}

function areasOf(
  { model }: Pick<Engines, 'model'>,
  use: readonly UseCount[],
  byId: ReadonlyMap<string, AccountRow>,
): Activation['areas'] {
  const areas = model.taxonomy.features.map(({ name }) => name);
  const segmentOf = ({ accountId }: UseCount): string | null => byId.get(accountId)?.segment ?? null;
  const bySegment = areaGroups(
    use,
    areas,
    model.segments.map(({ name }) => name),
    segmentOf,
  );
  const byTier = areaGroups(
    use,
    areas,
    model.users.tiers.map(({ name }) => name),
    ({ tier }) => tier,
  );
  return {
    ...{ bySegment, byTier },
    inNoSegment: use.reduce((sum, count) => sum + (segmentOf(count) === null ? count.users : 0), 0),
    segmentSentence: areaSentence(bySegment, 'segment'),
    tierSentence: areaSentence(byTier, 'tier'),
  };
}

/** The order of those alone who were created since the events begin: what older ones used first is not known. */
function orderOf(
  { model }: Pick<Engines, 'model'>,
  firsts: Read['firsts'],
  accounts: number,
  coversFrom: number | null,
): AdoptionOrder {
  const known = firsts.filter(({ createdMs }) => coversFrom !== null && createdMs >= coversFrom);
  const areas = model.taxonomy.features.map(({ name }) => name);
  return adoptionOrder(known, areas, Math.max(0, accounts - known.length));
}
