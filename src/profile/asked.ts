import type { Model } from '../definition/model.ts';
import type { Entity } from '../model/signal.ts';
import { ACCOUNT_SIGNALS, USER_SIGNALS } from './catalogue.ts';
import { classNames } from './classes.ts';
import { type Coverage, instantOf } from './coverage.ts';
import { ownDefinitions } from './own_signal.ts';
import type { Plan } from './plan.ts';
import type { MeasuredSignal } from './signal_definition.ts';

/** The signals that somebody asks for, of accounts and of users. */
export interface Asked {
  readonly account: readonly MeasuredSignal[];
  readonly user: readonly MeasuredSignal[];
}

/** Names of users' signals that an account's tally of its users reads, beside those of the tiers. */
export const PEOPLE_SIGNALS = ['in_decline', 'frequency_baseline'];

/** A plan with the as-ofs and signals of the whole computation, and those of the signals that are measured at its instants. */
export interface Measurement extends Plan {
  /** Whose profiles are read; null: both. */
  readonly entity: Entity | null;
  readonly asOfs: readonly number[];
  readonly asked: Asked;
  readonly here: Asked;
}

/**
 * The signals of some names, and those that classes are made of, which every profile has; null: all. Where nobody reads
 * profiles of accounts, none of theirs; users' are asked for either way, since an account's tally reads them.
 *
 * A name that is no signal asks for nothing. Nobody can read what was not asked for: it has no column.
 */
export function askedOf(model: Model, names: ReadonlySet<string> | null, entity: Entity | null = null): Asked {
  const every: Asked = {
    account: entity === 'user' ? [] : [...ACCOUNT_SIGNALS, ...ownDefinitions(model, 'account')],
    user: [...USER_SIGNALS, ...ownDefinitions(model, 'user')],
  };
  if (names === null) return every;
  const wanted = new Set([...names, ...classNames(model), ...PEOPLE_SIGNALS]);
  return only(every, ({ name }) => wanted.has(name));
}

/** The signals of which some as-of reads the value of one of these instants. */
export function askedAt(
  asked: Asked,
  coverage: Coverage,
  instants: readonly number[],
  asOfs: readonly number[],
): Asked {
  return only(asked, ({ inputs }) => asOfs.some((asOf) => instants.includes(instantOf(coverage, inputs, asOf))));
}

function only({ account, user }: Asked, isKept: (signal: MeasuredSignal) => boolean): Asked {
  return { account: account.filter(isKept), user: user.filter(isKept) };
}
