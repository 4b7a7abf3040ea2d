import { createTransport } from 'nodemailer';
import { Failure } from '../model/failure.ts';

/** A letter with a link in it. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** How letters leave. */
export interface MailConfiguration {
  /** `smtp://user:password@host:587` or `smtps://...`. */
  readonly url: string;
  /** Who they come from: an address, or `Name <address>`. */
  readonly from: string;
}

/** Hands a letter over; refuses `mail` where the mail server does not take it. */
export type Post = (letter: Letter) => Promise<void>;

const PATIENCE_MILLIS = 15_000;

/** Letters by a mail server. */
export function postBy({ url, from }: MailConfiguration): Post {
  const transport = createTransport({
    url,
    connectionTimeout: PATIENCE_MILLIS,
    greetingTimeout: PATIENCE_MILLIS,
    socketTimeout: PATIENCE_MILLIS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ to, subject, text }) => {
    await transport.sendMail({ from, to, subject, text }).catch((cause: unknown) => {
      throw new Failure(
        'mail',
        'The mail server did not take a letter. See BELLWETHER_SMTP_URL; `bellwether people` prints links meanwhile.',
        { cause, isRetryable: true },
      );
    });
  };
}

/** The letter with an invitation. */
export const invitationLetter = ({
  to,
  by,
  link,
}: {
  readonly to: string;
  readonly by: string;
  readonly link: string;
}): Letter => ({
  to,
  subject: 'You are invited to Bellwether',
  text: `${by} invites you to Bellwether.\n\nChoose a name and a password within seven days, once, at\n\n${link}\n\nIf you expected no invitation, do nothing.\n`,
});

/** The letter with a link to a new password. */
export const resetLetter = ({ to, link }: { readonly to: string; readonly link: string }): Letter => ({
  to,
  subject: 'A new password for Bellwether',
  text: `Somebody, most likely you, asked for a new password.\n\nSet it within an hour, once, at\n\n${link}\n\nEvery session of yours ends with it. If it was not you, do nothing: your password stays.\n`,
});

/** The letter after a password was set or changed (ASVS 2.2.3). */
export const changedLetter = ({ to }: { readonly to: string }): Letter => ({
  to,
  subject: 'Your password for Bellwether was changed',
  text: 'The password of this address was changed just now, and every other session of it has ended.\n\nIf it was not you, ask an administrator at once to let this address in no more.\n',
});
