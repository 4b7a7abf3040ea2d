import type { FactTableName } from '../../src/model/table.ts';
import { acceptedFacts } from './acceptance.ts';
import { adoptionSignals } from './account-adoption.ts';
import { usersInAccountSignals, usersWithSignals } from './account-users.ts';
import { activationSignals } from './activation.ts';
import { type Answer, type Answers, MISSING, numberOf, textOf } from './answer.ts';
import { ACCOUNT_INPUTS, USER_INPUTS } from './catalogue.ts';
import { archetypeOf, cohortOf, directionOf, homeSegmentOf, lifecycleOf, rawSegmentOf, sizeBandOf } from './classes.ts';
import { coverageOf } from './coverage.ts';
import { DAY } from './instants.ts';
import { assumptions, churnRate, isCustomer, moneySignals, relationshipOf } from './money.ts';
import { needsSignals } from './needs.ts';
import { byCodePoint } from './numbers.ts';
import { ownAccountSignals, ownInputs, ownUserSignals } from './own-signals.ts';
import { adoptionPathway } from './pathway.ts';
import { compositeScore, healthScore, isEligible } from './scores.ts';
import { serviceSignals } from './service.ts';
import { sessionSignals } from './sessions.ts';
import { sponsorSignals } from './sponsors.ts';
import { rankingOf, rankShare, valueTier } from './value-tier.ts';
import { type AccountView, usersOf, type View, viewOf } from './view.ts';
import type { AccountProfile, NullReasons, Profile, SignalValues, UserProfile, World } from './world.ts';

/** One user as computed wholly at one instant. */
interface ComputedUser {
  readonly signals: Answers;
  readonly tier: string | null;
}

/** One account as computed wholly at one instant. */
interface Computed {
  readonly signals: Answers;
  readonly users: ReadonlyMap<string, ComputedUser>;
  /** Rank share in the value ranking, null for no customer. */
  readonly valueShare: number | null;
  readonly assumed: readonly string[];
}

/** All accounts as computed wholly at one instant. */
interface Moment {
  readonly view: View;
  readonly accounts: ReadonlyMap<string, Computed>;
}

function momentAt(world: World, at: number): Moment {
  const view = viewOf(world, at);
  const churns = churnRate(view);
  const ranking = rankingOf(view);
  const accounts = new Map<string, Computed>();
  for (const account of view.accounts) {
    const users = usersWithSignals(view, account);
    const money = moneySignals(view, account, churns);
    const score = numberOf(money['value_score']);
    const valueShare = score !== null && isCustomer(view, account) ? rankShare(ranking, account.id, score) : null;
    accounts.set(account.id, {
      signals: {
        ...adoptionSignals(view, account),
        ...sessionSignals(view, account),
        ...activationSignals(view, account),
        ...usersInAccountSignals(view, account, users),
        adoption_pathway: adoptionPathway(view, account),
        ...sponsorSignals(view, account),
        ...serviceSignals(view, account),
        ...needsSignals(view, account),
        ...money,
        value_tier: valueShare === null ? (money['value_score'] ?? MISSING) : valueTier(view, valueShare),
        ...ownAccountSignals(view, account),
      },
      users: new Map(
        users.map(({ user, signals, tier }) => [
          user,
          { signals: { ...signals, ...ownUserSignals(view, account, user) }, tier },
        ]),
      ),
      valueShare,
      assumed: assumptions(view, account, churns),
    });
  }
  return { view, accounts };
}

/** The world at each of the instants that the signals of one as-of need. */
class Moments {
  readonly #world: World;
  readonly #asOf: number;
  readonly #complete = new Map<FactTableName, number>();
  readonly #moments = new Map<number, Moment>();

  constructor(world: World, asOf: number) {
    this.#world = world;
    this.#asOf = asOf;
    const accepted = acceptedFacts(world.facts);
    for (const table of Object.keys(world.facts) as FactTableName[]) {
      const { completeThrough } = coverageOf(world, accepted, table);
      this.#complete.set(table, completeThrough === null ? Number.POSITIVE_INFINITY : completeThrough.getTime());
    }
  }

  at(instant: number): Moment {
    const found = this.#moments.get(instant);
    if (found !== undefined) return found;
    const moment = momentAt(this.#world, instant);
    this.#moments.set(instant, moment);
    return moment;
  }

  /** min(T, complete_through of the inputs). */
  of(inputs: readonly FactTableName[]): Moment {
    const ends = inputs.map((table) => this.#complete.get(table) ?? Number.POSITIVE_INFINITY);
    return this.at(Math.min(this.#asOf, ...ends));
  }
}

function valuesOf(answers: Answers): { signals: SignalValues; nulls: NullReasons } {
  const names = Object.keys(answers).sort(byCodePoint);
  const answer = (name: string): Answer => answers[name] ?? MISSING;
  const nulls = names.flatMap((name) => {
    const { reason } = answer(name);
    return reason === null ? [] : [[name, reason] as const];
  });
  return {
    signals: Object.fromEntries(names.map((name) => [name, answer(name).value])),
    nulls: Object.fromEntries(nulls),
  };
}

/** Every shipped and own signal of the account, each taken from the profile at its own instant. */
function accountAnswers(world: World, moments: Moments, account: string): Answers {
  const inputs = Object.entries(ACCOUNT_INPUTS).concat(
    world.model.signals.filter((own) => own.entity === 'account').map((own) => [own.name, ownInputs(own)]),
  );
  return Object.fromEntries(
    inputs.map(([name, tables]) => [name, moments.of(tables).accounts.get(account)?.signals[name] ?? MISSING]),
  );
}

function userAnswers(world: World, moments: Moments, account: string, user: string): Answers {
  const inputs = Object.entries(USER_INPUTS).concat(
    world.model.signals.filter((own) => own.entity === 'user').map((own) => [own.name, ownInputs(own)]),
  );
  return Object.fromEntries(
    inputs.map(([name, tables]) => [
      name,
      moments.of(tables).accounts.get(account)?.users.get(user)?.signals[name] ?? MISSING,
    ]),
  );
}

function assumedOf(moments: Moments, view: View, account: AccountView): string[] {
  const lifetime = moments.of(ACCOUNT_INPUTS['clv'] ?? []).accounts.get(account.id)?.assumed ?? [];
  const value = moments.of(ACCOUNT_INPUTS['value_score'] ?? []).accounts.get(account.id)?.assumed ?? [];
  return [
    ...(account.isCreatedAssumed ? ['created'] : []),
    ...(view.isConnected('contracts') ? [] : ['customer']),
    ...lifetime.filter((name) => name === 'margin' || name === 'churn'),
    ...value.filter((name) => name === 'nrr' || name === 'cost'),
  ].sort(byCodePoint);
}

function accountProfile(world: World, moments: Moments, view: View, account: AccountView): AccountProfile {
  const answers = accountAnswers(world, moments, account.id);
  const relationship = relationshipOf(view, account);
  const isNew = account.created !== null && view.at - account.created < 30 * DAY;
  const computedCohort = cohortOf(answers, isNew);
  const cohort = relationship === 'churned' ? null : computedCohort;
  const valueTierName = textOf(answers['value_tier']);
  const sizeBand = sizeBandOf(account.row?.employees ?? null);
  const rules = { cohort, valueTier: valueTierName, sizeBand, signals: answers };
  const home = homeSegmentOf(rules);
  const ownHealth = world.model.segments.find((segment) => segment.name === home)?.health;
  const health = healthScore(answers, ownHealth ?? world.model.health);
  const valueShare = moments.of(ACCOUNT_INPUTS['value_tier'] ?? []).accounts.get(account.id)?.valueShare ?? null;
  answers['health_score'] = health;
  answers['composite_score'] = compositeScore(world, account.row, health, valueShare, answers['job_realised']);
  const hasContractSource = view.isConnected('contracts');
  const isInSegments = relationship === 'customer';
  return {
    account_id: account.id,
    ...valuesOf(answers),
    assumed: assumedOf(moments, view, account),
    cohort,
    computed_cohort: computedCohort,
    lifecycle: lifecycleOf(answers, { cohort, relationship, hasContractSource, isNew }),
    direction: directionOf(answers),
    relationship,
    archetype: archetypeOf(answers),
    size_band: sizeBand,
    value_tier: valueTierName,
    eligible: isEligible(world, account.row),
    raw: isInSegments ? rawSegmentOf(rules) : null,
    home: isInSegments ? home : null,
    likely_segment: isInSegments || relationship === 'churned' ? null : home,
  };
}

/**
 * The profile of a world as of an instant: every signal, class and raw segment of every account and user.
 *
 * Each signal is computed wholly at min(T, `complete_through` of its inputs); an account or user that did not exist at
 * that instant has it null (missing). Classes take their components as they are, and age and contracts at T.
 */
export function profileOf(world: World, asOf: Date): Profile {
  const moments = new Moments(world, asOf.getTime());
  const { view } = moments.of([]);
  const accounts = view.accounts.map((account) => accountProfile(world, moments, view, account));
  const users: UserProfile[] = view.accounts.flatMap((account) =>
    usersOf(account).map((user) => ({
      account_id: account.id,
      user_id: user,
      ...valuesOf(userAnswers(world, moments, account.id, user)),
      tier: moments.of(['events']).accounts.get(account.id)?.users.get(user)?.tier ?? null,
    })),
  );
  return { accounts, users };
}
