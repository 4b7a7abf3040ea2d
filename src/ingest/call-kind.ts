import type { Arrival } from './arrival.ts';
import { CALL_LIMITS, type CallParts, type CallRefusal, EARLIEST, idOf, instantOf, valuesOf } from './call-parts.ts';
import { wellFormed } from './flat-map.ts';

/** What a call states: its account and what named it, the event where it is one, and rows. */
interface Statement {
  readonly accountId: string;
  readonly namedBy: 'context' | 'property' | 'call' | null;
  readonly event: string | null;
  readonly arrivals: readonly Arrival[];
}

type Reading = { readonly statement: Statement } | { readonly refusal: CallRefusal };

/** A kind of call of the tracking API. */
export interface CallKind {
  readonly name: string;
  /** What it states, or the first thing that is wrong with it. */
  readonly read: (parts: CallParts) => Reading;
}

const EVENT_NAME_LENGTH = 500;

const refuse = (reason: CallRefusal['reason'], field: string, message: string): Reading => ({
  refusal: { reason, field, message },
});

/** The user of the call: who is signed in, else the anonymous visitor. */
const actorOf = ({ userId, anonymousId }: CallParts): string => (userId === '' ? anonymousId : userId);

/** Reads an id that a kind of call must name. */
function needId(
  parts: CallParts,
  field: string,
  message: string,
): { readonly id: string } | { readonly refusal: CallRefusal } {
  const id = idOf(parts.body[field]);
  if (id === null) return { refusal: { reason: 'value', field, message: `${field} is text or a number` } };
  if (id === '') return { refusal: { reason: 'missing', field, message } };
  if (id.length <= CALL_LIMITS.idLength) return { id };
  return { refusal: { reason: 'too-large', field, message: `${field} is longer than ${CALL_LIMITS.idLength}` } };
}

/** The call's own account wins: its context, then the property that the model names. */
function accountOf(
  parts: CallParts,
  properties: Readonly<Record<string, string>>,
): Pick<Statement, 'accountId' | 'namedBy'> {
  if (parts.contextAccount !== '') return { accountId: parts.contextAccount, namedBy: 'context' };
  const told =
    parts.accountProperty === null || !Object.hasOwn(properties, parts.accountProperty)
      ? ''
      : properties[parts.accountProperty];
  const named = idOf(told) ?? '';
  return named === '' || named.length > CALL_LIMITS.idLength
    ? { accountId: '', namedBy: null }
    : { accountId: named, namedBy: 'property' };
}

function stateEvent(parts: CallParts, event: string, further: Readonly<Record<string, string>>): Reading {
  const given = valuesOf(parts.body['properties'], 'properties');
  if ('refusal' in given) return given;
  const properties = { ...given.values, ...further };
  const account = accountOf(parts, properties);
  const arrival: Arrival = {
    into: 'events',
    event,
    time: parts.time,
    user_id: actorOf(parts),
    account_id: account.accountId,
    message_id: parts.messageId,
    session_id: '',
    properties,
  };
  return { statement: { ...account, event, arrivals: [arrival] } };
}

const track: CallKind = {
  name: 'track',
  read: (parts) => {
    const { event } = parts.body;
    if (event === undefined || event === null || event === '')
      return refuse('missing', 'event', 'a track call names its event');
    if (typeof event !== 'string') return refuse('value', 'event', 'event is text');
    if (event.length > EVENT_NAME_LENGTH) {
      return refuse('too-large', 'event', `the name of an event is longer than ${EVENT_NAME_LENGTH}`);
    }
    return stateEvent(parts, wellFormed(event), {});
  },
};

/** A page or screen view is an event of a fixed name; which page it was is a property. */
const view = (name: string, event: string): CallKind => ({
  name,
  read: (parts) => {
    const told = Object.entries({ name: parts.body['name'], category: parts.body['category'] });
    const texts = told.filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== '');
    const further = Object.fromEntries(texts.map(([name, text]) => [name, wellFormed(text)]));
    return stateEvent(parts, event, further);
  },
});

/** Rows that say from when on a user or an account has these attributes. */
function traitRows(
  entity: 'user' | 'account',
  ids: { readonly user_id: string; readonly account_id: string },
  values: Readonly<Record<string, string>>,
  time: number,
): readonly Arrival[] {
  return Object.entries(values).map(([name, value]) => ({ into: 'traits', entity, ...ids, name, value, time }));
}

const membership = (accountId: string, userId: string, time: number): readonly Arrival[] =>
  accountId === '' ? [] : [{ into: 'users', account_id: accountId, user_id: userId, time }];

const identify: CallKind = {
  name: 'identify',
  read: (parts) => {
    const given = valuesOf(parts.body['traits'], 'traits');
    if ('refusal' in given) return given;
    const { userId, anonymousId, time, contextAccount } = parts;
    const actor = actorOf(parts);
    const isLink = userId !== '' && anonymousId !== '' && userId !== anonymousId;
    const link: readonly Arrival[] = isLink
      ? [{ into: 'identities', user_id: userId, anonymous_id: anonymousId, previous_id: '', time }]
      : [];
    const arrivals = [
      ...link,
      ...membership(contextAccount, actor, time),
      ...traitRows('user', { user_id: actor, account_id: '' }, given.values, time),
    ];
    const namedBy = contextAccount === '' ? null : 'context';
    return { statement: { accountId: contextAccount, namedBy, event: null, arrivals } };
  },
};

/** Traits of a group that are the account's name for its creation. */
const CREATED = ['createdAt', 'created_at', 'created'];

const group: CallKind = {
  name: 'group',
  read: (parts) => {
    const named = needId(parts, 'groupId', 'a group call names its groupId');
    if ('refusal' in named) return named;
    const accountId = named.id;
    const given = valuesOf(parts.body['traits'], 'traits');
    if ('refusal' in given) return given;
    const told = CREATED.map((name) => instantOf(given.values[name])).find((instant) => instant !== null) ?? null;
    const values = Object.fromEntries(Object.entries(given.values).filter(([name]) => !CREATED.includes(name)));
    const { time, receivedAt } = parts;
    const isTold = told !== null && told >= EARLIEST && told <= receivedAt;
    const created: readonly Arrival[] = isTold ? [{ into: 'accounts', account_id: accountId, time: told }] : [];
    const arrivals = [
      ...created,
      ...membership(accountId, actorOf(parts), time),
      ...traitRows('account', { user_id: '', account_id: accountId }, values, time),
    ];
    return { statement: { accountId, namedBy: 'call', event: null, arrivals } };
  },
};

const alias: CallKind = {
  name: 'alias',
  read: (parts) => {
    const named = needId(parts, 'previousId', 'an alias call names its previousId');
    if ('refusal' in named) return named;
    const previous = named.id;
    if (parts.userId === '') return refuse('missing', 'userId', 'an alias call names its userId');
    const { userId, time } = parts;
    const link: Arrival = { into: 'identities', user_id: userId, anonymous_id: '', previous_id: previous, time };
    const arrivals = previous === userId ? [] : [link];
    return { statement: { accountId: '', namedBy: null, event: null, arrivals } };
  },
};

/** Every kind of call. */
export const CALL_KINDS: readonly CallKind[] = [
  track,
  identify,
  group,
  view('page', 'page_viewed'),
  view('screen', 'screen_viewed'),
  alias,
];
