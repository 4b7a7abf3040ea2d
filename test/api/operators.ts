import { z } from 'zod';
import { createOperator } from '../../src/people/operator.ts';
import { ARGON2ID } from '../../src/people/password.ts';
import type { Role } from '../../src/people/role.ts';
import type { Engines } from '../../src/pipeline/engines.ts';

/** A password that nobody refuses. */
export const PASSWORD = 'four plain words here';
/** What a page of the server itself is told by a browser. */
export const OWN_PAGE = { 'sec-fetch-site': 'same-origin' } as const;

/** Lets somebody in without an invitation. */
export const hire = async ({ ledger }: Pick<Engines, 'ledger'>, email: string, role: Role) =>
  createOperator(ledger, { name: email, email, role, passwordHash: await ARGON2ID.hash(PASSWORD), now: new Date() });

/** A browser: it keeps cookies, and says what page it is on. */
export class Browser {
  readonly #address: string;
  readonly #cookies = new Map<string, string>();

  constructor(address: string) {
    this.#address = address;
  }

  /** The `cookie` header that it sends. */
  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Takes the cookies of an answer. */
  take(answer: Response): void {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const at = pair.indexOf('=');
      const isGone = attributes.some((each) => each.trim().toLowerCase() === 'max-age=0');
      if (isGone) this.#cookies.delete(pair.slice(0, at));
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }

  /** Asks for something as a page of the server does; never follows a redirect. */
  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const cookie = this.cookie === '' ? {} : { cookie: this.cookie };
    const answer = await fetch(new URL(path, this.#address), {
      ...{ method, redirect: 'manual', ...sent },
      headers: { ...OWN_PAGE, ...type, ...cookie, ...headers },
    });
    this.take(answer);
    return answer;
  }

  /** Signs in; answers the status. */
  async signIn(email: string, password: string = PASSWORD): Promise<number> {
    return (await this.ask('POST', '/api/v1/session', { email, password })).status;
  }
}

/** The code of a refusal; null: it is none. */
export async function refusalOf(answer: Response): Promise<string | null> {
  if (answer.headers.get('content-type')?.startsWith('application/problem+json') !== true) {
    await answer.body?.cancel();
    return null;
  }
  const text = await answer.text();
  if (text === '') return null;
  const { type } = z.object({ type: z.string() }).parse(JSON.parse(text));
  return type.replace('urn:bellwether:problem:', '');
}
