import { auditEntries } from '../../people/audit-log.ts';
import type { AuditSide } from '../audit.ts';
import { type Route, route } from '../route.ts';
import { auditBody, auditQuery } from '../schema/people.ts';

const PAGE = 100;

const instantOf = (text: string | undefined): Date | null => (text === undefined ? null : new Date(text));

/** The log of changes and sign-ins. */
export const AUDIT_ROUTES: readonly Route<AuditSide>[] = [
  route({
    name: 'audit.list',
    method: 'GET',
    path: '/api/v1/audit',
    group: 'people',
    summary: 'Every change and every sign-in, the latest first',
    may: 'audit.read',
    load: 'read',
    query: auditQuery,
    answers: { 200: auditBody },
    refuses: [],
    handle: async ({ query }, { ledger }: AuditSide) => {
      const { who = null, action = null, subject = null, outcome = null, cursor: before = null } = query;
      const limit = query.limit ?? PAGE;
      const wanted = { who, action, subject, outcome, before, from: instantOf(query.from), to: instantOf(query.to) };
      const found = await auditEntries(ledger, { ...wanted, limit: limit + 1 });
      const entries = found.slice(0, limit);
      return { entries, next: found.length > limit ? (entries.at(-1)?.entryId ?? null) : null };
    },
  }),
];
