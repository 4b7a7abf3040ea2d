import { DAY_MS } from '../plan.ts';
import { absent, type Lens, needs, type SignalDefinition, type Unknown, uncovered } from '../signal_definition.ts';
import { account } from './account_signal.ts';

/** SQL: ARR now, 0 for an account that is no customer any more. */
const ARR_NOW = 'if(said_is_customer, said_arr, 0)';

const needsYear: readonly Unknown[] = [
  ['NOT said_has_contracts', 'missing'],
  [`NOT said_was_customer_before AND said_first_paid_ms >= at - ${365 * DAY_MS}`, 'not_yet'],
  ['NOT said_was_customer_before', 'none'],
  ['isNull(said_arr_before)', 'missing'],
  [`said_arr_before = 0 AND said_first_paid_ms >= at - ${365 * DAY_MS}`, 'not_yet'],
  ['said_arr_before = 0', 'none'],
];

const needsArr: readonly Unknown[] = [
  ['NOT said_has_contracts', 'missing'],
  ['NOT said_is_customer', 'none'],
  ['isNull(said_arr)', 'missing'],
];

const CAPACITY = 'said_seats / nullIf(coalesce(addressable_seats, employees), 0)';

const needsCapacity: readonly Unknown[] = [
  ['isNull(coalesce(addressable_seats, employees))', 'missing'],
  ['said_in_force = 0', 'none'],
  ['isNull(said_seats)', 'missing'],
  ['coalesce(addressable_seats, employees) = 0', 'none'],
];

/** SQL: use of quota; null where there is no quota or no meter covers the window. */
function quotaSql(lens: Lens): string {
  return `if(${absent(lens, 'meters')} OR ${uncovered(lens, 'meters', 30)}, NULL, metered / nullIf(said_quota, 0))`;
}

const hasCost = (lens: Lens) => `NOT (${absent(lens, 'costs')} OR ${uncovered(lens, 'costs', 365)})`;
const marginSql = (lens: Lens) => `if(${hasCost(lens)}, (said_arr - cost) / nullIf(said_arr, 0), NULL)`;
const churnSql = (lens: Lens) =>
  `if(churns < 10 OR customer_years = 0, ${lens.model.value.assumedChurn}, churns / customer_years)`;
const nrrSql = `if(said_arr_before > 0 AND said_was_customer_before, ${ARR_NOW} / said_arr_before, NULL)`;

/** SQL: `value_score`. */
function scoreSql(lens: Lens): string {
  const { expansionMultiplier, belowCapacity } = lens.model.value;
  const plain = `(said_arr * ifNull(${nrrSql}, 1) - if(${hasCost(lens)}, cost, 0))`;
  return `${plain} * if(${CAPACITY} < ${belowCapacity} - 1e-9 AND ${plain} > 0, ${expansionMultiplier}, 1)`;
}

/** Account signals of money, over `account_base`. */
export const MONEY_SIGNALS: readonly SignalDefinition[] = [
  account({
    name: 'arr',
    unit: 'currency',
    meaning: 'Annual recurring revenue',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts'],
    unknown: () => needsArr,
    value: () => 'said_arr',
  }),
  account({
    name: 'nrr_12m',
    unit: 'fraction',
    meaning: 'ARR against ARR a year before',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts'],
    unknown: () => needsYear,
    value: () => `${ARR_NOW} / said_arr_before`,
  }),
  account({
    name: 'arr_change_12m',
    unit: 'currency',
    meaning: 'ARR less ARR a year before',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts'],
    unknown: () => needsYear,
    value: () => `${ARR_NOW} - said_arr_before`,
  }),
  account({
    name: 'expansions_12m',
    unit: 'days',
    meaning: 'Days of the last 365 on which ARR rose by 5% or more',
    requirement: 'R073',
    nulls: ['missing', 'none'],
    inputs: ['contracts'],
    unknown: () => needsYear,
    value: () => 'said_expansions',
  }),
  account({
    name: 'cost_to_serve_12m',
    unit: 'currency',
    meaning: 'Cost entries of 365 days',
    requirement: 'R067',
    nulls: ['missing'],
    inputs: ['costs'],
    unknown: (lens) => needs(lens, 'costs', 365),
    value: () => 'cost',
  }),
  account({
    name: 'gross_margin',
    unit: 'fraction',
    meaning: 'Share of ARR left after the cost to serve',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts', 'costs'],
    unknown: (lens) => [...needs(lens, 'costs', 365), ...needsArr, ['said_arr = 0', 'none']],
    value: marginSql,
  }),
  account({
    name: 'capacity_used',
    unit: 'fraction',
    meaning: 'Seats for each person who could use the product',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts', 'accounts'],
    unknown: () => [['NOT said_has_contracts', 'missing'], ...needsCapacity],
    value: () => CAPACITY,
  }),
  account({
    name: 'usage_of_quota_30d',
    unit: 'fraction',
    meaning: 'Metered use of 30 days against the quota',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['meters', 'contracts'],
    unknown: (lens) => [
      ['NOT said_has_contracts', 'missing'],
      ['said_in_force = 0', 'none'],
      ['isNull(said_quota)', 'missing'],
      ...needs(lens, 'meters', 30),
      ['said_quota = 0', 'none'],
    ],
    value: () => 'metered / said_quota',
  }),
  account({
    name: 'expansion_potential',
    unit: 'fraction',
    meaning: 'Room left: 1 less the larger of capacity and quota in use',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts', 'accounts', 'meters'],
    unknown: (lens) => {
      const neither = `isNull(${CAPACITY}) AND isNull(${quotaSql(lens)})`;
      const gap = `isNull(said_seats) OR isNull(said_quota) OR ${absent(lens, 'meters')} OR ${uncovered(lens, 'meters', 30)}`;
      return [
        ['NOT said_has_contracts', 'missing'],
        ['said_in_force = 0 AND isNotNull(coalesce(addressable_seats, employees))', 'none'],
        [`${neither} AND (isNull(coalesce(addressable_seats, employees)) OR ${gap})`, 'missing'],
        [neither, 'none'],
      ];
    },
    value: (lens) => `1 - least(1, greatest(ifNull(${CAPACITY}, 0), ifNull(${quotaSql(lens)}, 0)))`,
  }),
  account({
    name: 'days_to_renewal',
    unit: 'days',
    meaning: 'Days to the next end of a term in force',
    requirement: 'R120',
    nulls: ['missing', 'none'],
    inputs: ['contracts'],
    isMovable: false,
    unknown: () => [
      ['NOT said_has_contracts', 'missing'],
      ['said_in_force = 0', 'none'],
      ['said_terms = 0', 'missing'],
      ['isNull(said_next_term_end_ms)', 'none'],
    ],
    value: () => `(said_next_term_end_ms - at) / ${DAY_MS}`,
  }),
  account({
    name: 'clv',
    unit: 'currency',
    meaning: 'ARR times margin over five years of expected custom',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts', 'costs'],
    unknown: () => needsArr,
    value: (lens) =>
      `said_arr * ifNull(${marginSql(lens)}, ${lens.model.value.assumedMargin}) * (1 - pow(1 - ${churnSql(lens)}, 5)) / ${churnSql(lens)}`,
    assumed: (lens) => ({ margin: `isNull(${marginSql(lens)})`, churn: 'churns < 10' }),
  }),
  account({
    name: 'value_score',
    unit: 'currency',
    meaning: 'ARR times net retention less cost to serve, raised where there is room to grow',
    requirement: 'R068',
    nulls: ['missing', 'none'],
    inputs: ['contracts', 'costs', 'accounts'],
    unknown: () => needsArr,
    value: scoreSql,
    assumed: (lens) => ({ nrr: `isNull(${nrrSql})`, cost: `NOT (${hasCost(lens)})` }),
  }),
];
