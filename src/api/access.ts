import { ROLES, type Role } from '../people/role.ts';
import type { Scope } from './scope.ts';

/** Who acts: a machine with a key, or an operator who signed in. */
export type Actor =
  | { readonly kind: 'key'; readonly id: string; readonly name: string; readonly scope: Scope }
  | {
      readonly kind: 'operator';
      readonly id: string;
      readonly name: string;
      readonly email: string;
      readonly role: Role;
    };

/** Who may do something: operators from a role on, and keys of these scopes. */
interface Access {
  /** What one may then do, after `may`. */
  readonly means: string;
  /** The least role; null: no operator as such. */
  readonly role: Role | null;
  /** Scopes besides `admin`, which opens all that keys may do. */
  readonly scopes: readonly Scope[];
  /** `nobody`: not even an administrator's key, since it is about the person who signed in. */
  readonly keys?: 'nobody';
  /** Whether it is open to the world, or guards itself (a write key in a body, the token of a link). */
  readonly isOpen?: true;
}

/**
 * Who may do what: the one table. A route names one of these actions, and nothing else decides who may call it.
 *
 * What changes the answers of everybody needs an editor; what a CSM knows of an account needs a CSM; people, keys and what
 * cannot be undone need an administrator.
 */
export const ACCESS = {
  anything: { means: 'what guards itself, or is for everybody', role: null, scopes: [], isOpen: true },
  'events.send': { means: 'send events', role: null, scopes: ['write'], isOpen: true },
  'answers.read': { means: 'read accounts, users, segments, moves and exports', role: 'viewer', scopes: ['read'] },
  'data.read': { means: 'see what arrives: calls, freshness and refused rows', role: 'viewer', scopes: ['read'] },
  'model.read': { means: 'read the model and its versions, and check a text of one', role: 'viewer', scopes: ['read'] },
  'evidence.read': { means: 'read the evidence', role: 'viewer', scopes: ['read'] },
  'overrides.write': { means: 'set and end overrides', role: 'csm', scopes: [] },
  'notes.write': { means: 'write notes and give pulses', role: 'csm', scopes: [] },
  'imports.write': { means: 'import files', role: 'editor', scopes: ['write'] },
  'imports.read': {
    means: 'see which files were imported, and how it went',
    role: 'viewer',
    scopes: ['read', 'write'],
  },
  'holds.decide': { means: 'release or discard held moves', role: 'editor', scopes: [] },
  'model.write': { means: 'publish a model', role: 'editor', scopes: [] },
  'taxonomy.write': { means: 'change the taxonomy', role: 'editor', scopes: [] },
  'keys.manage': { means: 'make and end keys', role: 'admin', scopes: [] },
  'people.manage': { means: 'invite people, change their roles, end their sessions', role: 'admin', scopes: [] },
  'audit.read': { means: 'read the audit log', role: 'admin', scopes: [] },
  'backups.manage': { means: 'make copies and see them', role: 'admin', scopes: [] },
  'erasure.manage': { means: 'erase a person, and take them again', role: 'admin', scopes: [] },
  'retention.manage': { means: 'see how long raw rows are kept', role: 'admin', scopes: [] },
  'settings.manage': { means: 'change settings', role: 'admin', scopes: [] },
  'metrics.read': { means: 'read the metrics', role: 'admin', scopes: ['read'] },
  /** One's own sessions, password and name. */
  'self.manage': { means: 'change their own password, and sign out', role: 'viewer', scopes: [], keys: 'nobody' },
} as const satisfies Readonly<Record<string, Access>>;

/** Something that somebody may do or not. */
export type Action = keyof typeof ACCESS;

/** The entry of an action. */
export const accessTo = (action: Action): Access => ACCESS[action];

/** Whether operators of a role may do something that is not open to everybody. */
export function mayAs(asked: Role, action: Action): boolean {
  const { role } = accessTo(action);
  return role !== null && ROLES.indexOf(asked) >= ROLES.indexOf(role);
}

/** Whether somebody may do something; null: whoever comes without a key and without a session. */
export function mayDo(action: Action, actor: Actor | null): boolean {
  const { scopes, keys, isOpen } = accessTo(action);
  if (isOpen === true) return true;
  if (actor === null) return false;
  if (actor.kind === 'key') return keys !== 'nobody' && (actor.scope === 'admin' || scopes.includes(actor.scope));
  return mayAs(actor.role, action);
}

/** Who may do something, in words: `a viewer, or a key of scope read or admin`. */
export function whoMay(action: Action): string {
  const { role, scopes, keys, isOpen } = accessTo(action);
  if (isOpen === true) return 'everybody';
  const people = role === null ? [] : [role === 'admin' ? 'an administrator' : `${articled(role)} or higher`];
  const machines = keys === 'nobody' ? [] : [`a key of scope ${[...scopes, 'admin'].join(' or ')}`];
  return [...people, ...machines].join(', or ');
}

const articled = (role: Role): string => (role === 'editor' ? 'an editor' : `a ${role}`);
