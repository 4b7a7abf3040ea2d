import { join } from 'node:path';
import { Failure } from '../../model/failure.ts';
import { ARGON2ID } from '../../people/password.ts';
import { workspaceSecret } from '../../people/secret.ts';
import { SESSION_LIMITS } from '../../people/session.ts';
import { SignIn } from '../../people/sign-in.ts';
import { DATA_FOLDER } from '../../pipeline/workspace.ts';
import type { Command } from '../command.ts';
import { doneHere, linkHere, openPeople, operatorCalled } from '../people.ts';

/** `bellwether people reset`: a link to a new password, the way back in where no administrator is left who can. */
export const peopleResetCommand: Command = {
  name: 'people reset',
  summary:
    'print a link to a new password, good once within an hour: the way back in when every administrator is locked out',
  arguments: [{ syntax: '<EMAIL>', meaning: 'address of an operator' }],
  examples: [{ syntax: 'bellwether people reset ada@example.com', meaning: 'their sessions go on until they use it' }],
  json: '{email, link}',
  run: async (context, [text = '']) => {
    const ledger = await openPeople(context);
    const { operatorId, email, disabledAt } = await operatorCalled(ledger, text);
    if (disabledAt !== null) {
      throw new Failure(
        'not-allowed',
        `${email} is disabled. \`bellwether people enable ${email}\` lets them in again.`,
      );
    }
    const { people, directory, clock } = context;
    const tokens: string[] = [];
    const signIn = new SignIn({
      ...{ ledger, hasher: ARGON2ID, limits: people.limits ?? SESSION_LIMITS, clock: () => clock().getTime() },
      origin: people.origin ?? 'http://localhost',
      secret: people.secret ?? (await workspaceSecret(join(directory, DATA_FOLDER))),
      onReset: ({ token }) => void tokens.push(token),
      onComplaint: (message) => {
        throw new Failure('sign-in', message);
      },
    });
    await doneHere(context, ledger, { action: 'password.ask', subject: operatorId }, async () => {
      const { made } = await signIn.askForReset(email);
      await made;
    });
    const link = linkHere(context, 'reset', tokens[0] ?? '');
    return {
      status: 0,
      json: { email, link },
      text: () => `A new password for ${email}, once within an hour:\n${link}`,
    };
  },
};
