import type { Kind } from '../kind.ts';
import { and } from './and.ts';
import { arithmetic } from './arithmetic.ts';
import { asOf } from './as_of.ts';
import { between } from './between.ts';
import { call } from './call.ts';
import { compare } from './compare.ts';
import { has } from './has.ts';
import { inList } from './in.ts';
import { like } from './like.ts';
import { literal } from './literal.ts';
import { name } from './name.ts';
import { not } from './not.ts';
import { nullTest } from './null_test.ts';
import { or } from './or.ts';

/** Every kind of expression. Heads and tails are tried in this order: functions before names. */
export const KINDS: readonly Kind[] = [
  literal,
  asOf,
  call,
  name,
  arithmetic,
  compare,
  between,
  inList,
  like,
  nullTest,
  has,
  and,
  or,
  not,
];

const BY_NAME: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [kind.name, kind]));

/** The record of a node's kind; a node of no kind is an impossible state. */
export function kindOf(name: string): Kind {
  const kind = BY_NAME.get(name);
  if (kind === undefined) throw new Error(`no kind of expression is called ${name}`);
  return kind;
}
