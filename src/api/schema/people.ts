import { z } from 'zod';
import { ROLES } from '../../people/role.ts';
import { SCOPES } from '../scope.ts';
import { instant, maybeText } from './words.ts';

const email = z.string().min(3).max(254);
const password = z.string().min(1).max(1_024);
const personName = z.string().min(1).max(200);
/** The token of a link: what stands behind its `#`. */
const linkToken = z.string().min(1).max(200);

/** The role of an operator. */
const role = z.enum(ROLES);

/** Who is signed in, and what they may do. */
export const whoBody = z
  .object({
    operatorId: z.string(),
    name: z.string(),
    email: z.string(),
    role,
    may: z.array(z.string()).meta({ description: 'Actions of the table of access that this role may do' }),
    startedAt: instant,
    expiresAt: instant.meta({ description: 'When it ends without another request' }),
  })
  .meta({ id: 'SignedIn', description: 'Who is signed in, and what they may do' });

/** How one may sign in here. */
export const waysBody = z
  .object({
    provider: z
      .boolean()
      .meta({ description: 'Whether a provider is configured: GET /api/v1/sign-in/oidc sends there' }),
    mail: z.boolean().meta({ description: 'Whether links go by mail; otherwise they are printed where `serve` runs' }),
  })
  .meta({ id: 'WaysIn', description: 'How one may sign in here' });

/** The table of access: what there is to do, and who may. */
export const rolesBody = z.object({
  roles: z.array(
    z
      .object({
        role,
        may: z.array(z.string()).meta({ description: 'Actions; each role may all that one before it may' }),
      })
      .meta({ id: 'RoleAccess', description: 'What a role may do' }),
  ),
  actions: z.array(
    z
      .object({
        action: z.string(),
        means: z.string(),
        scopes: z.array(z.enum(SCOPES)).meta({ description: 'Scopes of keys that may; none: no key' }),
      })
      .meta({ id: 'ActionAccess', description: 'Something that somebody may do or not' }),
  ),
});

/** An address and a password. */
export const credentials = z
  .strictObject({ email, password })
  .meta({ id: 'Credentials', examples: [{ email: 'ada@acme.example', password: 'four plain words here' }] });

/** A wish for a link to a new password. */
export const resetWish = z.strictObject({ email }).meta({ id: 'ResetWish', examples: [{ email: 'ada@acme.example' }] });

/** A new password, by a link. */
export const resetByLink = z
  .strictObject({ token: linkToken, password })
  .meta({ id: 'ResetByLink', examples: [{ token: 'from-the-link', password: 'four plain words here' }] });

/** A new password, by the one before. */
export const passwordChange = z
  .strictObject({ current: password, wanted: password })
  .meta({ id: 'PasswordChange', examples: [{ current: 'four plain words here', wanted: 'four other words now' }] });

/** Whom to invite, and as what. */
export const wishToInvite = z
  .strictObject({ email, role })
  .meta({ id: 'WishToInvite', examples: [{ email: 'grace@acme.example', role: 'csm' }] });

const invitation = z
  .object({
    invitationId: z.int(),
    email: z.string(),
    role,
    invitedBy: z.string(),
    createdAt: instant,
    expiresAt: instant,
  })
  .meta({ id: 'Invitation', description: 'An invitation that is open; its link is nowhere' });

/** Invitations that may still be accepted, the latest first. */
export const invitationsBody = z.object({ invitations: z.array(invitation) });

/** An invitation that was just sent. */
export const sentInvitationBody = invitation
  .extend({ link: maybeText.meta({ description: 'Shown this once; null: it was mailed, and nobody else has it' }) })
  .meta({ id: 'SentInvitation', description: 'An invitation that was just sent' });

/** What somebody who was invited says of themselves; address and role are the invitation's. */
export const acceptance = z
  .strictObject({ token: linkToken, name: personName, password })
  .meta({ id: 'Acceptance', examples: [{ token: 'from-the-link', name: 'Grace', password: 'four plain words here' }] });

const operator = z
  .object({
    operatorId: z.string(),
    name: z.string(),
    email: z.string(),
    role,
    createdAt: instant,
    disabledAt: instant.nullable(),
  })
  .meta({ id: 'Operator', description: 'A person who signs in' });

/** An operator, changed. */
export const operatorBody = operator;

/** Everybody who signs in, by address. */
export const peopleBody = z.object({
  people: z.array(
    operator
      .extend({
        sessions: z.int().meta({ description: 'Sessions that are open' }),
        lastSeenAt: instant.nullable().meta({ description: 'Null: no session is open' }),
        ways: z.array(z.string()).meta({ description: 'Ways to sign in: password, oidc' }),
      })
      .meta({ id: 'ListedOperator', description: 'A person who signs in, with their sessions and ways in' }),
  ),
});

/** What to change of an operator; what is left out stays. */
export const operatorChange = z
  .strictObject({ role: role.optional(), disabled: z.boolean().optional() })
  .meta({ id: 'OperatorChange', examples: [{ role: 'editor' }] });

/** The open sessions of one operator, the latest first. */
export const sessionsBody = z.object({
  sessions: z.array(
    z
      .object({
        sessionId: z.string(),
        startedAt: instant,
        seenAt: instant.meta({ description: 'When it was used last, to a minute' }),
        expiresAt: instant,
        ipAddress: maybeText,
        userAgent: maybeText,
        isThis: z.boolean().meta({ description: 'Whether it is the one that asks' }),
      })
      .meta({ id: 'OpenSession', description: 'An open session' }),
  ),
});

/** Which session to end; none: all of them. */
export const sessionToEnd = z.strictObject({ session: z.string().min(1).max(200).optional() });

/** How many sessions were ended. */
export const endedBody = z.object({ ended: z.int() });

/** The one-time link's token, and who sets up: a person, a machine, or both. */
export const setupWish = z
  .strictObject({
    token: linkToken,
    operator: z
      .strictObject({ name: personName, email, password })
      .optional()
      .meta({ description: 'The first administrator, who is signed in by the answer' }),
    key: z
      .boolean()
      .optional()
      .meta({ description: "Whether to make an administrator's key; left out: only where no operator is named" }),
  })
  .meta({
    id: 'SetupWish',
    examples: [
      {
        token: 'from-the-link',
        operator: { name: 'Ada', email: 'ada@acme.example', password: 'four plain words here' },
      },
    ],
  });

/** Which entries of the audit log to read. */
export const auditQuery = z.strictObject({
  who: z.string().max(254).optional(),
  action: z.string().max(100).optional(),
  subject: z.string().max(512).optional(),
  outcome: z.enum(['done', 'refused', 'failed']).optional(),
  from: instant.optional(),
  to: instant.optional(),
  cursor: z.int().min(1).optional().meta({ description: '`next` of the page before' }),
  limit: z.int().min(1).max(500).optional().meta({ description: '100 where it is left out' }),
});

/** A page of the audit log, the latest first. */
export const auditBody = z.object({
  entries: z.array(
    z
      .object({
        entryId: z.int(),
        at: instant,
        by: z.enum(['operator', 'key', 'system', 'nobody']),
        who: z
          .string()
          .meta({ description: "An operator's address, a key's name, a user of the machine; nobody has none" }),
        action: z.string(),
        subject: z.string(),
        details: z.record(z.string(), z.unknown()),
        ipAddress: maybeText,
        outcome: z
          .enum(['done', 'refused', 'failed'])
          .nullable()
          .meta({ description: 'Null: it was begun, and how it went is not known' }),
      })
      .meta({ id: 'AuditEntry', description: 'A change or a sign-in' }),
  ),
  next: z.int().nullable().meta({ description: 'Cursor of the next page; null: this is the last' }),
});
