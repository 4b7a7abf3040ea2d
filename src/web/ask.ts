import type { ProblemBody } from '../api/contract.ts';

/** A refusal of the server: what happened, and what to do next. */
export class Refusal extends Error {
  readonly status: number;
  readonly problem: ProblemBody | null;

  constructor(status: number, problem: ProblemBody | null, words = `The server answered ${status}.`) {
    super(problem?.detail ?? words);
    this.name = 'Refusal';
    this.status = status;
    this.problem = problem;
  }

  /** Whether nobody is signed in. */
  get isSignedOut(): boolean {
    return this.status === 401;
  }

  /** Whether there are no answers yet: the same question is answered in a while. */
  get isNotReady(): boolean {
    return this.problem?.type === 'urn:bellwether:problem:not-ready';
  }

  /** What the person can do now. */
  get next(): string {
    const again = this.status >= 500 ? 'Try again; if it goes on, tell whoever runs Bellwether.' : '';
    return this.problem?.next ?? again;
  }
}

/** What goes with a request. */
export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Asks the server that the page came from; throws a `Refusal`. The caller names what the answer is by the contract. */
export async function ask<Body>(path: string, { method = 'GET', body, headers, signal }: Ask = {}): Promise<Body> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw new Refusal(response.status, await readProblem(response));
  const text = await response.text();
  return text === '' ? (undefined as Body) : (JSON.parse(text) as Body);
}

async function readProblem(response: Response): Promise<ProblemBody | null> {
  const isProblem = response.headers.get('content-type')?.includes('problem+json') === true;
  return isProblem ? ((await response.json()) as ProblemBody) : null;
}

/** A path with a query; what is undefined, null or empty is left out. */
export function pathOf(path: string, query: Readonly<Record<string, string | number | null | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return given.length === 0 ? path : `${path}?${search}`;
}
