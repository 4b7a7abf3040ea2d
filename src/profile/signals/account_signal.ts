import type { SignalEntry, ValueType } from '../../model/signal.ts';
import type { FactTableName } from '../../model/table.ts';
import type { Lens, SignalDefinition, Unknown } from '../signal_definition.ts';

/** What an account signal says of itself; the rest is the same for all of them. */
interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly meaning: string;
  readonly requirement: string;
  readonly nulls: SignalEntry['nulls'];
  readonly inputs: readonly FactTableName[];
  readonly type?: ValueType;
  readonly isMovable?: boolean;
  readonly unknown: (lens: Lens) => readonly Unknown[];
  readonly value: (lens: Lens) => string;
  readonly assumed?: (lens: Lens) => Readonly<Record<string, string>>;
}

/** An account signal: a number that a person could move, unless it says otherwise. */
export const account = (entry: Entry): SignalDefinition => ({
  entity: 'account',
  type: 'number',
  isMovable: true,
  ...entry,
});

/** Nobody was active in 30 days: there is nobody to measure. */
export const noneActive: Unknown = ['active_30 = 0', 'none'];

/** An account signal over events, by name, unit, meaning, requirement, null reasons, unknowns and value. */
export const ofUse = (
  name: string,
  unit: string,
  meaning: string,
  requirement: string,
  nulls: SignalEntry['nulls'],
  unknown: SignalDefinition['unknown'],
  value: SignalDefinition['value'],
  rest: Partial<SignalDefinition> = {},
): SignalDefinition => ({
  name,
  entity: 'account',
  unit,
  type: 'number',
  inputs: ['events'],
  meaning,
  requirement,
  nulls,
  isMovable: true,
  unknown,
  value,
  ...rest,
});
