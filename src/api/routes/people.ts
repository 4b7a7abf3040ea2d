import { Failure } from '../../model/failure.ts';
import { endSessions, openSessions } from '../../people/open-session.ts';
import { changeOperator, listOperators, operatorById, unknownOperator } from '../../people/operator.ts';
import { ROLES } from '../../people/role.ts';
import { ACCESS, type Action, accessTo, mayAs } from '../access.ts';
import { noteFindings } from '../audit.ts';
import type { PeopleSide } from '../people-side.ts';
import { type Route, route } from '../route.ts';
import {
  endedBody,
  operatorBody,
  operatorChange,
  peopleBody,
  rolesBody,
  sessionsBody,
  sessionToEnd,
} from '../schema/people.ts';
import { ofIdentifier } from '../schema/words.ts';
import { SCOPES } from '../scope.ts';

/** What is guarded, in the order of the table. */
const ACTIONS = (Object.keys(ACCESS) as Action[]).filter((action) => action !== 'anything' && action !== 'events.send');

function scopesOf(action: Action) {
  const { keys, scopes } = accessTo(action);
  return keys === 'nobody' ? [] : SCOPES.filter((scope) => scope === 'admin' || scopes.includes(scope));
}

/** Operators, their roles and their sessions, as an administrator sees them. */
export const PEOPLE_ROUTES: readonly Route<PeopleSide>[] = [
  route({
    name: 'people.list',
    method: 'GET',
    path: '/api/v1/people',
    group: 'people',
    summary: 'Everybody who signs in, by address',
    may: 'people.manage',
    load: 'read',
    answers: { 200: peopleBody },
    refuses: [],
    handle: async (_, { ledger, clock }: PeopleSide) => ({ people: await listOperators(ledger, new Date(clock())) }),
  }),
  route({
    name: 'people.roles',
    method: 'GET',
    path: '/api/v1/roles',
    group: 'people',
    summary: 'What each role may do, and each kind of key',
    may: 'answers.read',
    load: 'read',
    answers: { 200: rolesBody },
    refuses: [],
    handle: async () => ({
      roles: ROLES.map((role) => ({ role, may: ACTIONS.filter((action) => mayAs(role, action)) })),
      actions: ACTIONS.map((action) => ({ action, means: accessTo(action).means, scopes: scopesOf(action) })),
    }),
  }),
  route({
    name: 'people.change',
    method: 'PATCH',
    path: '/api/v1/people/:id',
    group: 'people',
    summary: 'Changes a role, or lets somebody in no more or again; whoever may less loses every session at once',
    may: 'people.manage',
    load: 'write',
    changes: ({ params }) => params.id,
    params: ofIdentifier,
    body: operatorChange,
    answers: { 200: operatorBody },
    refuses: ['unknown-operator', 'last-admin', 'foreign-page'],
    handle: async ({ params, body, request }, { ledger, clock, signIn }: PeopleSide) => {
      const { role = null, disabled: isDisabled = null } = body;
      noteFindings(request, { details: { role, disabled: isDisabled } });
      const changed = await changeOperator(ledger, params.id, { role, isDisabled }, new Date(clock()));
      signIn.forget();
      return changed;
    },
  }),
  route({
    name: 'people.sessions',
    method: 'GET',
    path: '/api/v1/people/:id/sessions',
    group: 'people',
    summary: 'The open sessions of one operator, the latest first',
    may: 'people.manage',
    load: 'read',
    params: ofIdentifier,
    answers: { 200: sessionsBody },
    refuses: ['unknown-operator'],
    handle: async ({ params, request }, { ledger, clock }: PeopleSide) => {
      if ((await operatorById(ledger, params.id)) === null) throw unknownOperator(params.id);
      const sessions = await openSessions(ledger, params.id, new Date(clock()));
      const own = request.session?.sessionId;
      return { sessions: sessions.map((each) => ({ ...each, isThis: each.sessionId === own })) };
    },
  }),
  route({
    name: 'people.end_sessions',
    method: 'DELETE',
    path: '/api/v1/people/:id/sessions',
    group: 'people',
    summary: 'Ends one session of an operator, or all of them; on every process within five seconds',
    may: 'people.manage',
    load: 'write',
    changes: ({ params }) => params.id,
    params: ofIdentifier,
    query: sessionToEnd,
    answers: { 200: endedBody },
    refuses: ['unknown-operator', 'unknown-session', 'foreign-page'],
    handle: async ({ params, query }, { ledger, signIn }: PeopleSide) => {
      if ((await operatorById(ledger, params.id)) === null) throw unknownOperator(params.id);
      const ended = await endSessions(ledger, params.id, query.session ?? null);
      signIn.forget();
      if (ended === 0 && query.session !== undefined) {
        throw new Failure('unknown-session', 'This session is not open, or is not of this operator.');
      }
      return { ended };
    },
  }),
];
