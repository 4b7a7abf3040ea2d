import type { Entity, SignalEntry, ValueType } from '../model/signal.ts';
import type { ColumnType, FactTableName } from '../model/table.ts';
import { factTable } from '../model/tables.ts';
import type { Scope } from '../rule/condition.ts';
import type { Model, OwnSignal } from './model.ts';

/** Where a condition stands, which decides what it may read. */
export type Standing = 'account' | 'user' | 'event' | 'account_attributes' | 'user_attributes';

type NamedType = ValueType | 'property';

const TYPE_OF_COLUMN: Readonly<Record<ColumnType, ValueType | null>> = {
  text: 'text',
  number: 'number',
  integer: 'number',
  money: 'number',
  instant: 'day',
  day: 'day',
  flag: 'flag',
  list: 'list',
  map: null,
};

/** Classes of an account whose names no model changes. */
const FIXED_CLASSES: Readonly<Record<string, readonly string[]>> = {
  lifecycle: ['churned', 'prospect', 'new', 'dormant', 'at_risk', 'activating', 'power', 'active'],
  direction: ['growing', 'stable', 'declining'],
  relationship: ['prospect', 'trial', 'free', 'customer', 'churned'],
  adoption_pathway: ['bottom_up', 'top_down', 'mixed'],
  pulse: ['green', 'yellow', 'red'],
};

/** What is decided after all conditions, and can be read by none. */
const DECIDED_LAST: ReadonlySet<string> = new Set(['segment', 'home', 'home_segment', 'raw', 'likely_segment', 'tier']);

const DECLARE =
  'If it is an attribute of yours, declare it under `traits`; `bellwether signals list` names all signals.';

/** Advice for a name that is near to none. */
const HINTS: Readonly<Record<Standing, string>> = {
  account: DECLARE,
  user: DECLARE,
  account_attributes: 'If it is an attribute of yours, declare it under `traits`.',
  user_attributes: 'If it is an attribute of yours, declare it under `traits`, with `entity: user`.',
  event: 'A property of the event is written `properties.name`.',
};

/** The names that a condition may read where it stands, with their types and, where known, their values. */
export function scopeOf(standing: Standing, model: Model, catalogue: readonly SignalEntry[]): Scope {
  const types = new Map(typesOf(standing, model, catalogue));
  const elsewhere = new Map(typesOf(standing === 'user' ? 'account' : 'user', model, catalogue));
  const values = valuesOf(model);
  return {
    names: [...types.keys()],
    typeOf: (name) =>
      types.get(name) ?? (standing === 'event' && name.startsWith('properties.') ? 'property' : undefined),
    valuesOf: (name) => (standing === 'account' ? values.get(name) : undefined),
    whyNot: (name) => whyNot(name, standing, elsewhere),
    hint: HINTS[standing],
  };
}

function whyNot(name: string, standing: Standing, elsewhere: ReadonlyMap<string, NamedType>): string | undefined {
  if (standing === 'event')
    return elsewhere.has(name) ? `A property of the event is written \`properties.${name}\`.` : undefined;
  if (name.startsWith('properties.')) return 'Properties belong to events: declare a signal of your own over them.';
  if (DECIDED_LAST.has(name)) return `\`${name}\` is decided after all conditions are known.`;
  if (!elsewhere.has(name)) return undefined;
  if (standing === 'user') return 'It is a measure of accounts, and this condition judges a user.';
  if (standing === 'account') return 'It is a measure of users, and this condition judges an account.';
  return 'Only attributes can be read here, no signals.';
}

function typesOf(
  standing: Standing,
  model: Model,
  catalogue: readonly SignalEntry[],
): readonly (readonly [string, NamedType])[] {
  const attributes: Readonly<Record<Standing, () => readonly (readonly [string, NamedType])[]>> = {
    event: () => columnsOf('events'),
    account_attributes: () => [...columnsOf('accounts'), ...traitsOf('account', model)],
    user_attributes: () => [...columnsOf('users'), ...traitsOf('user', model)],
    account: () => [
      ...signalsOf('account', model, catalogue),
      ...traitsOf('account', model),
      ...columnsOf('accounts'),
      ...classesOf(model),
    ],
    user: () => [...signalsOf('user', model, catalogue), ...traitsOf('user', model), ...columnsOf('users')],
  };
  return attributes[standing]();
}

function columnsOf(table: FactTableName): readonly (readonly [string, NamedType])[] {
  return factTable(table).columns.flatMap((column): (readonly [string, NamedType])[] => {
    const type = TYPE_OF_COLUMN[column.type];
    return type === null ? [] : [[column.name, type]];
  });
}

function traitsOf(entity: Entity, model: Model): readonly (readonly [string, NamedType])[] {
  return model.traits.filter((trait) => trait.entity === entity).map((trait) => [trait.name, trait.type]);
}

function signalsOf(
  entity: Entity,
  model: Model,
  catalogue: readonly SignalEntry[],
): readonly (readonly [string, NamedType])[] {
  const shipped = catalogue
    .filter((entry) => entry.entity === entity)
    .map((entry): [string, NamedType] => [entry.name, entry.type]);
  const own = model.signals
    .filter((signal) => signal.entity === entity)
    .map((signal): [string, NamedType] => [signal.name, ownType(signal, catalogue)]);
  return [...own, ...shipped];
}

/** `last` carries an event's property as it stands, so it is typed like one; all other measures are numbers. */
function ownType(signal: OwnSignal, catalogue: readonly SignalEntry[]): NamedType {
  const liked = catalogue.find((entry) => entry.name === signal.like && entry.entity === signal.entity);
  return liked?.type ?? (signal.measure === 'last' ? 'property' : 'number');
}

function classesOf(model: Model): readonly (readonly [string, NamedType])[] {
  const names = [
    ...model.bands.map((band) => band.name),
    'cohort',
    'archetype',
    'lifecycle',
    'direction',
    'relationship',
    'value_tier',
  ];
  return [...names.map((name): [string, NamedType] => [name, 'text']), ['eligible', 'flag']];
}

function valuesOf(model: Model): ReadonlyMap<string, readonly string[]> {
  const names = (list: readonly { readonly name: string }[]) => list.map((item) => item.name);
  return new Map([
    ...Object.entries(FIXED_CLASSES),
    ...model.bands.map((band): [string, readonly string[]] => [band.name, names(band.bands)]),
    ['cohort', names(model.cohorts)],
    ['archetype', names(model.archetypes)],
    ['value_tier', names(model.value.tiers)],
  ]);
}
