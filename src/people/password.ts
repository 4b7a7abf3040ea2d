import { type Algorithm, hash, verify } from '@node-rs/argon2';
import { Failure } from '../model/failure.ts';

/** Makes and checks hashes of passwords. */
export interface Hasher {
  readonly hash: (password: string) => Promise<string>;
  readonly verify: (hash: string, password: string) => Promise<boolean>;
}

/** Argon2id by the OWASP cheat sheet on password storage: 19 MiB, two passes, one lane. */
const PARAMETERS = {
  algorithm: 2 satisfies Algorithm.Argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
} as const;

/** Hashes as they are kept; a password is the same however a keyboard composes its letters (NFKC). */
export const ARGON2ID: Hasher = {
  hash: (password) => hash(password.normalize('NFKC'), PARAMETERS),
  verify: (kept, password) => verify(kept, password.normalize('NFKC')),
};

/** Fewest and most characters of a password (ASVS 2.1.1 and 2.1.2). */
export const PASSWORD_LENGTH = { least: 12, most: 128 } as const;

/** Shorter names in front of an @ are in too many words to mean anything. */
const LEAST_NAME = 4;

/**
 * Passwords and words that are tried first. Those of twelve characters and more at the head of the lists of the most used
 * passwords by NCSC (100k-most-used-passwords, first 2,000) and NordPass (2023 and 2025), and words at the head of the same
 * lists: digits and signs around such a word add nothing that is not tried as well.
 */
const COMMONEST: ReadonlySet<string> = new Set([
  ...['q1w2e3r4t5y6', '1qaz2wsx3edc', '1q2w3e4r5t6y', '123qweasdzxc', '123456654321'],
]);
/** Digits as they are counted on a keyboard, there and back. */
const COUNTING = ['1234567890', '0987654321', '0123456789', '9876543210'].map((digits) => digits.repeat(13));
const COMMONEST_WORDS: ReadonlySet<string> = new Set([
  ...[
    'password',
    'passwort',
    'motdepasse',
    'passwrd',
    'psswrd',
    'qwerty',
    'qwertyuiop',
    'qwertz',
    'azerty',
    'azertyuiop',
    'asdf',
  ],
  ...['asdfghjkl', 'zxcvbnm', 'qazwsx', 'qazwsxedc', 'qweasdzxc', 'admin', 'administrator', 'admintelecom', 'root'],
  ...['welcome', 'letmein', 'changeme', 'secret', 'iloveyou', 'monkey', 'dragon', 'sunshine', 'princess', 'football'],
  ...['baseball', 'superman', 'pokemon', 'starwars', 'minecraft', 'pakistan', 'bismillah', 'theworldinyourhand'],
  ...['abc', 'abcd', 'abcde', 'abcdef', 'abcdefg', 'abcdefgh', 'aa', 'a', 'test', 'guest', 'user', 'demo', 'global'],
  ...['bellwether'],
]);

/** Whether a text is one word over and over. */
function isRepeated(text: string, words: ReadonlySet<string>): boolean {
  return [...words].some((word) => text === word.repeat(Math.max(1, Math.round(text.length / word.length))));
}

/**
 * Refuses a password that is too short, too long, holds the address of whom it is for, or is among the commonest; asks for
 * no kinds of characters, since that makes passwords no better (ASVS 2.1.9). Failure `weak-password`, with what to do.
 */
export function assertGoodPassword(password: string, email: string): void {
  const length = [...password].length;
  const refuse = (message: string): never => {
    throw new Failure('weak-password', message);
  };
  if (length < PASSWORD_LENGTH.least)
    refuse(`A password has at least ${PASSWORD_LENGTH.least} characters. A few words in a row make a good one.`);
  if (length > PASSWORD_LENGTH.most) refuse(`A password has at most ${PASSWORD_LENGTH.most} characters.`);
  const plain = password.normalize('NFKC').toLowerCase();
  const [name = ''] = email.toLowerCase().split('@');
  if (plain.includes(email.toLowerCase()) || (name.length >= LEAST_NAME && plain.includes(name)))
    refuse('The password holds the e-mail address. Choose one that nobody who knows the address would try.');
  const letters = plain.replace(/[^\p{Letter}]/gu, '');
  const isCounted = /^(.)\1*$/u.test(plain) || COUNTING.some((digits) => digits.includes(plain));
  if (COMMONEST.has(plain) || isCounted || (letters !== '' && isRepeated(letters, COMMONEST_WORDS)))
    refuse('This is among the passwords that are tried first. A few words in a row make a good one.');
}
