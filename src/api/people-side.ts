import type { Ledger } from '../ledger/ledger.ts';
import { type OidcConfiguration, OidcDoor } from '../people/oidc.ts';
import type { Operator } from '../people/operator.ts';
import { ARGON2ID, type Hasher } from '../people/password.ts';
import {
  changedLetter,
  invitationLetter,
  type Letter,
  type MailConfiguration,
  type Post,
  postBy,
  resetLetter,
} from '../people/post.ts';
import { SESSION_LIMITS, type SessionLimits } from '../people/session.ts';
import { SignIn } from '../people/sign-in.ts';

/** What is configured about people. */
export interface PeopleConfiguration {
  /** Signs cookies; the same in every process, and not in the ledger. */
  readonly secret: string;
  /** Where people reach the server: `https://bellwether.example.com`. Null: where it listens. */
  readonly origin: string | null;
  readonly limits?: SessionLimits;
  /** Null: links are printed on the console. */
  readonly mail: MailConfiguration | null;
  /** Null: passwords alone. */
  readonly oidc: OidcConfiguration | null;
  readonly hasher?: Hasher;
}

/** A link for somebody, printed on the console where no mail is sent. */
export interface PrintedLink {
  readonly kind: 'invitation' | 'reset';
  readonly email: string;
  readonly link: string;
}

/** What the routes of people work with. */
export interface PeopleSide {
  readonly ledger: Ledger;
  readonly clock: () => number;
  readonly hasher: Hasher;
  readonly signIn: SignIn;
  readonly oidc: OidcDoor | null;
  readonly publicOrigin: string | null;
  /** Whether links are mailed; otherwise they are printed. */
  readonly isMailed: boolean;
  /** Sends an invitation; answers its link where it was not mailed. */
  readonly sendInvitation: (to: string, by: string, token: string) => Promise<string | null>;
  /** Tells somebody by mail, where there is any, that their password is another now; waits for nothing. */
  readonly tellChanged: (to: string) => void;
}

/** What people's side of a server is made of. */
export interface PeopleOptions {
  readonly configuration: PeopleConfiguration;
  readonly ledger: Ledger;
  readonly clock: () => number;
  /** Where the server listens, once it does. */
  readonly listeningAt: () => string;
  readonly onLink: (link: PrintedLink) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Where a link leads: the token behind `#`, which no browser sends to any server and no log of one can hold. */
const linkTo = (origin: string, page: 'invitation' | 'reset', token: string): string => `${origin}/${page}#${token}`;

/** People's side of a server. */
export function createPeople(options: PeopleOptions): PeopleSide {
  const { configuration, ledger, clock, listeningAt, onLink, onFailure } = options;
  const { secret, origin, limits = SESSION_LIMITS, mail, hasher = ARGON2ID } = configuration;
  const post = mail === null ? null : postBy(mail);
  const originOf = (): string => origin ?? listeningAt();
  const library = {
    ...{ ledger, clock, secret, limits },
    origin: origin ?? 'http://localhost',
    onComplaint: (message: string) => onFailure(new Error(`Signing in: ${message}`)),
  };
  const sendReset = ({ operator, token }: { readonly operator: Operator; readonly token: string }): void => {
    const link = linkTo(originOf(), 'reset', token);
    if (post === null) onLink({ kind: 'reset', email: operator.email, link });
    else void hand(post, resetLetter({ to: operator.email, link }), onFailure);
  };
  return {
    ...{ ledger, clock, hasher, publicOrigin: origin, isMailed: post !== null },
    signIn: new SignIn({ ...library, hasher, onReset: sendReset }),
    oidc: configuration.oidc === null ? null : new OidcDoor({ ...library, provider: configuration.oidc }),
    tellChanged: (to) => {
      if (post !== null) void hand(post, changedLetter({ to }), onFailure);
    },
    sendInvitation: async (to, by, token) => {
      const link = linkTo(originOf(), 'invitation', token);
      if (post !== null && (await hand(post, invitationLetter({ to, by, link }), onFailure))) return null;
      onLink({ kind: 'invitation', email: to, link });
      return link;
    },
  };
}

/** Whether a letter was taken; where it was not, that is told and nobody waits for it. */
async function hand(post: Post, letter: Letter, onFailure: (error: unknown) => void): Promise<boolean> {
  try {
    await post(letter);
    return true;
  } catch (error) {
    onFailure(error);
    return false;
  }
}
