import type { FactCollector } from './facts.ts';
import { domainOf } from './people.ts';
import type { AccountPlan, Band } from './plan.ts';
import type { Frame } from './planted.ts';
import { randomOf } from './random.ts';

const PURPOSE = 7;
const FIRST_WORDS = ['North', 'Blue', 'Harbor', 'Copper', 'Bright', 'Silver', 'Cedar', 'Summit', 'River', 'Granite'];
const SECOND_WORDS = ['wind', 'field', 'line', 'stone', 'gate', 'works', 'path', 'bridge', 'ford', 'peak'];
const LAST_WORDS = ['Systems', 'Freight', 'Pay', 'Retail', 'Labs', 'Group', 'Partners', 'Logistics', 'Bank', 'Foods'];
const COUNTRIES = { US: 'Americas', CA: 'Americas', GB: 'Europe', DE: 'Europe', FR: 'Europe', AU: 'Asia-Pacific' };
const STAGES = ['bootstrapped', 'seed', 'series a', 'series b', 'public'] as const;
const STACK = ['snowflake', 'salesforce', 'bigquery', 'hubspot', 'postgres', 'slack'] as const;
const MANAGERS = ['kim', 'lee', 'max', 'noa', 'oli', 'pat'] as const;
const FAMILIES: Readonly<Record<Band, string>> = { smb: 'self-serve', mid_market: 'business', enterprise: 'business' };

/** Adds the account's row. A prospect has a lead's day and has never been able to use the product. */
export function addAccount(frame: Frame, plan: AccountPlan, facts: FactCollector): void {
  const random = randomOf(frame.seed, plan.index, PURPOSE);
  const country = random.pick(Object.keys(COUNTRIES) as (keyof typeof COUNTRIES)[]);
  facts.add('accounts', {
    account_id: plan.id,
    name: `${random.pick(FIRST_WORDS)}${random.pick(SECOND_WORDS)} ${random.pick(LAST_WORDS)} ${plan.index + 1}`,
    domain: domainOf(plan),
    created: plan.isProspect ? null : new Date(plan.created),
    lead_created: new Date(plan.leadCreated),
    employees: plan.employees,
    revenue: Math.round((plan.employees * random.between(90, 260)) / 10) * 10_000,
    industry: plan.industry,
    country,
    region: COUNTRIES[country],
    funding_stage: random.pick(STAGES),
    tech_stack: STACK.filter(() => random.chance(0.35)),
    addressable_seats: plan.addressableSeats,
    csm: random.pick(MANAGERS),
    ae: random.pick(MANAGERS),
    traits: { plan_family: FAMILIES[plan.band] },
  });
}
