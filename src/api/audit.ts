import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Ledger } from '../ledger/ledger.ts';
import { type Act, beginEntry, endEntry, type Findings, type Outcome } from '../people/audit-log.ts';
import type { Actor } from './access.ts';
import type { Asked, Route } from './route.ts';

/** What writing down works with. */
export interface AuditSide {
  readonly ledger: Ledger;
  readonly clock: () => number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The entry of the audit log that a change was begun with, and what became known of it since. */
    audit: { entryId: number | null; findings: Findings };
  }
}

/** Adds to the entry of a request what is known only while it is answered: never a secret, and nobody's data. */
export function noteFindings(request: FastifyRequest, findings: Findings): void {
  const before = request.audit.findings;
  request.audit.findings = { ...before, ...findings, details: { ...before.details, ...findings.details } };
}

/** Who acts, as the audit log names them: an operator by address, a key by name. */
export function doerOf(actor: Actor | null): Pick<Act, 'by' | 'who'> {
  if (actor === null) return { by: 'nobody', who: '' };
  return actor.kind === 'key' ? { by: 'key', who: actor.name } : { by: 'operator', who: actor.email };
}

const outcomeOf = (status: number): Outcome => (status < 400 ? 'done' : status < 500 ? 'refused' : 'failed');

/**
 * Writes down every request that changes something, for every route there is or will be: before its handler runs, and how it
 * went before the answer leaves. What cannot be written down is not done; what was done and cannot be concluded is a 500.
 *
 * Somebody known who asks for what they may not do is written down as well. A request that nobody could read is not.
 */
export function auditChanges(app: FastifyInstance, { ledger, clock }: AuditSide): void {
  app.addHook('onRequest', async (request) => {
    request.audit = { entryId: null, findings: {} };
  });
  const begin = (request: FastifyRequest, action: string, subject: string): Promise<number> =>
    beginEntry(ledger, { ...doerOf(request.actor), action, subject, ipAddress: request.ip }, new Date(clock()));
  app.addHook('preHandler', async (request, reply) => {
    const { record } = request.routeOptions.config;
    if (record?.changes == null) return;
    request.audit.entryId = await begin(request, record.name, subjectOf(record, request, reply));
  });
  app.addHook('onSend', async (request, reply) => {
    const { record } = request.routeOptions.config;
    const { audit, actor } = request;
    if (audit === undefined) return;
    const isDenied = audit.entryId === null && reply.statusCode === 403 && actor !== null && record?.changes != null;
    const entryId = isDenied && record !== undefined ? await begin(request, record.name, '') : audit.entryId;
    if (entryId === null) return;
    audit.entryId = null;
    // What was answered out of what is kept of an earlier request was not done again.
    if (reply.hasHeader('idempotent-replayed')) noteFindings(request, { details: { repeated: true } });
    const outcome = outcomeOf(reply.statusCode);
    await endEntry(ledger, entryId, { outcome, findings: audit.findings, at: new Date(clock()) });
  });
}

function subjectOf(record: Route<never>, request: FastifyRequest, reply: FastifyReply): string {
  const { params, query, body, actor } = request;
  const asked: Asked<unknown, unknown, unknown> = { params, query, body, actor, request, reply };
  return record.changes?.(asked as Asked<never, never, never>) ?? '';
}
