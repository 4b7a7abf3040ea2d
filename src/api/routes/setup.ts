import { z } from 'zod';
import type { Ledger } from '../../ledger/ledger.ts';
import { Failure } from '../../model/failure.ts';
import { createOperator, hasAdmin, type Operator, readEmail } from '../../people/operator.ts';
import { assertGoodPassword } from '../../people/password.ts';
import { noteFindings } from '../audit.ts';
import type { KeyRing } from '../key.ts';
import type { PeopleSide } from '../people-side.ts';
import { type Route, route } from '../route.ts';
import { setupWish, whoBody } from '../schema/people.ts';
import { SCOPES } from '../scope.ts';
import { askerOf, refuseForeignPage } from '../sessions.ts';
import { useSetupToken } from '../setup-link.ts';
import { welcome } from './session.ts';

/** What setting up works with. */
export interface SetupSide extends PeopleSide {
  readonly keys: KeyRing;
}

type Wish = z.infer<typeof setupWish>;

const madeBody = z.object({
  operator: whoBody
    .nullable()
    .meta({ description: 'The first administrator, signed in; null: a key alone was asked for' }),
  key: z.string().optional().meta({ description: 'Shown this once' }),
  keyId: z.int().optional(),
  name: z.string().optional(),
  scope: z.enum(SCOPES).optional(),
});

/** Whether a workspace has nobody yet who administers it: no operator, and no machine. */
export async function isUnattended(ledger: Ledger, keys: KeyRing): Promise<boolean> {
  return !(await keys.hasAdmin()) && !(await hasAdmin(ledger));
}

/** What the one-time link is for: the first administrator, or a first key where no person sets up. */
export const SETUP_ROUTES: readonly Route<SetupSide>[] = [
  route({
    name: 'setup.use',
    method: 'POST',
    path: '/api/v1/setup',
    group: 'operation',
    summary: "Uses the one-time link up: the first administrator, signed in, or an administrator's key, shown once",
    may: 'anything',
    load: 'guess',
    changes: () => 'set-up link',
    body: setupWish,
    answers: { 200: madeBody },
    refuses: ['setup-link', 'weak-password', 'bad-email', 'no-name', 'known-operator', 'foreign-page'],
    handle: async ({ body, request, reply }, side: SetupSide) => {
      refuseForeignPage(request, side.publicOrigin);
      reply.header('cache-control', 'no-store');
      const operator = await begin(body, side);
      const hasKey = body.key ?? body.operator === undefined;
      const made = hasKey ? await side.keys.create('first administrator', 'admin', 'setup link') : null;
      const key =
        made === null ? {} : { key: made.key, keyId: made.entry.keyId, name: made.entry.name, scope: made.entry.scope };
      if (operator === null || body.operator === undefined) return { operator: null, ...key };
      noteFindings(request, { by: 'operator', who: operator.email, subject: operator.operatorId });
      const { email } = operator;
      const opened = await side.signIn.signIn({ email, password: body.operator.password }, askerOf(request));
      return { operator: welcome(request, opened), ...key };
    },
  }),
];

/** Uses the link up and makes the first administrator, all of it or nothing: a password that is refused uses no link up. */
async function begin({ token, operator }: Wish, { ledger, hasher, clock }: SetupSide): Promise<Operator | null> {
  const now = new Date(clock());
  const email = operator === undefined ? '' : readEmail(operator.email);
  if (operator !== undefined) assertGoodPassword(operator.password, email);
  const passwordHash = operator === undefined ? '' : await hasher.hash(operator.password);
  return ledger.transaction(async (transaction) => {
    if (!(await useSetupToken(transaction, token, now))) {
      throw new Failure('setup-link', 'This link was used, is older than a day, or was replaced by a later one.');
    }
    if (operator === undefined) return null;
    return createOperator(transaction, { name: operator.name, email, role: 'admin', passwordHash, now });
  });
}
