import type { SignalEntry } from '../model/signal.ts';
import type { SignalDefinition } from './signal_definition.ts';
import { ACTIVATION_SIGNALS } from './signals/account_activation.ts';
import { ADOPTION_SIGNALS } from './signals/account_adoption.ts';
import { MONEY_SIGNALS } from './signals/account_money.ts';
import { PEOPLE_SIGNALS } from './signals/account_people.ts';
import { SERVICE_SIGNALS } from './signals/account_service.ts';
import { USER_SIGNALS as USER } from './signals/user.ts';

/** Shipped account signals that are measured from facts. */
export const ACCOUNT_SIGNALS: readonly SignalDefinition[] = [
  ...ADOPTION_SIGNALS,
  ...ACTIVATION_SIGNALS,
  ...PEOPLE_SIGNALS,
  ...SERVICE_SIGNALS,
  ...MONEY_SIGNALS,
];

/** Shipped user signals. */
export const USER_SIGNALS: readonly SignalDefinition[] = USER;

/** Account signals that are derived from other signals by the model's own parameters. */
const DERIVED: readonly SignalEntry[] = [
  {
    name: 'value_tier',
    entity: 'account',
    unit: 'class',
    type: 'text',
    inputs: ['contracts', 'costs', 'accounts'],
    isMovable: false,
    meaning: 'Rank of the value score among customers, set on Mondays',
    requirement: 'R070',
    nulls: ['missing', 'none'],
  },
  {
    name: 'health_score',
    entity: 'account',
    unit: '0 to 100',
    type: 'number',
    inputs: ['events', 'tickets', 'nps', 'contracts'],
    isMovable: true,
    meaning: 'Weighted mean of the health components that are known',
    requirement: 'R158',
    nulls: ['missing'],
  },
  {
    name: 'composite_score',
    entity: 'account',
    unit: '0 to 100',
    type: 'number',
    inputs: ['events', 'tickets', 'nps', 'contracts', 'costs', 'needs', 'accounts'],
    isMovable: true,
    meaning: 'Weighted mean of behaviour, value, needs and fit',
    requirement: 'R087',
    nulls: ['missing'],
  },
];

/** Every shipped signal, in the order in which `bellwether signals list` prints it. */
export const SIGNAL_CATALOGUE: readonly SignalEntry[] = [
  ...ACCOUNT_SIGNALS.map(entryOf),
  ...DERIVED,
  ...USER_SIGNALS.map(entryOf),
];

function entryOf({
  name,
  entity,
  unit,
  type,
  inputs,
  meaning,
  requirement,
  nulls,
  isMovable,
}: SignalDefinition): SignalEntry {
  return { name, entity, unit, type, inputs, meaning, requirement, nulls, isMovable };
}
