import type { AccountBody, ExperienceBody, MoveBody, ProblemBody } from '../api/contract.ts';

/** Where the server is, and the key to read with. */
export interface ClientOptions {
  /** Address of the server, `https://bellwether.example.com`. */
  readonly url: string;
  /** A read key; in a browser ask through your own server, so that it stays secret. */
  readonly key: string;
  /** In place of the platform's own `fetch`. */
  readonly fetch?: typeof fetch;
}

/** A refusal of the server as an error; `problem` says what to do next. */
export class BellwetherError extends Error {
  readonly status: number;
  readonly problem: ProblemBody | null;

  constructor(status: number, problem: ProblemBody | null) {
    super(problem === null ? `The server answered ${status}.` : `${problem.detail} ${problem.next}`);
    this.name = 'BellwetherError';
    this.status = status;
    this.problem = problem;
  }
}

/** Answers to the product, with nothing but `fetch`: in a browser and in Node. */
export interface Client {
  /** What to show a user now; name the account of a user who belongs to several. Null: the user is not known yet. */
  experience(
    userId: string,
    options?: { readonly account?: string; readonly signal?: AbortSignal },
  ): Promise<ExperienceBody | null>;
  /** What is said of an account now; null: it is not known yet. */
  account(accountId: string, options?: { readonly signal?: AbortSignal }): Promise<AccountBody | null>;
  /**
   * Moves as they are recorded, after one of them or from now on. Resumes by itself when the connection ends; ends when the
   * signal is raised, and fails where the server refuses.
   */
  moves(options?: { readonly after?: number; readonly signal?: AbortSignal }): AsyncGenerator<MoveBody, void, void>;
}

const NOT_FOUND = 404;
const RETRY_MILLIS = 1_000;

/** A client of a Bellwether server. */
export function createClient({ url, key, fetch: given }: ClientOptions): Client {
  const base = url.replace(/\/+$/, '');
  const send = given ?? globalThis.fetch.bind(globalThis);
  const request = async (path: string, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> => {
    const response = await send(`${base}${path}`, {
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(signal === undefined ? {} : { signal }),
    });
    if (!response.ok) throw new BellwetherError(response.status, await readProblem(response));
    return response;
  };
  const read = async <Body>(path: string, signal?: AbortSignal): Promise<Body | null> => {
    try {
      const response = await request(path, { accept: 'application/json' }, signal);
      return (await response.json()) as Body;
    } catch (error) {
      if (error instanceof BellwetherError && error.status === NOT_FOUND && error.problem !== null) return null;
      throw error;
    }
  };
  return {
    experience: (userId, { account, signal } = {}) => {
      const query = account === undefined ? '' : `?account=${encodeURIComponent(account)}`;
      return read(`/api/v1/users/${encodeURIComponent(userId)}/experience${query}`, signal);
    },
    account: (accountId, { signal } = {}) => read(`/api/v1/accounts/${encodeURIComponent(accountId)}`, signal),
    moves: ({ after, signal } = {}) =>
      follow(
        (last) => {
          const resume: Record<string, string> = last === null ? {} : { 'last-event-id': String(last) };
          return request('/api/v1/stream', { accept: 'text/event-stream', ...resume }, signal);
        },
        after ?? null,
        signal,
      ),
  };
}

async function readProblem(response: Response): Promise<ProblemBody | null> {
  try {
    const body = (await response.json()) as ProblemBody;
    return typeof body.detail === 'string' ? body : null;
  } catch {
    return null;
  }
}

async function* follow(
  open: (last: number | null) => Promise<Response>,
  after: number | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<MoveBody, void, void> {
  let last = after;
  const isOver = () => signal?.aborted === true;
  while (!isOver()) {
    try {
      const { body } = await open(last);
      if (body === null) return;
      for await (const event of eventsIn(body)) {
        if (event.id !== null) last = event.id;
        if (event.move !== null) yield event.move;
      }
    } catch (error) {
      if (isOver()) return;
      const isRefused = error instanceof BellwetherError && error.status < 500 && error.status !== 429;
      if (isRefused) throw error;
    }
    await rest(signal);
  }
}

function rest(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, RETRY_MILLIS);
    signal?.addEventListener('abort', done);
  });
}

interface StreamEvent {
  readonly id: number | null;
  readonly move: MoveBody | null;
}

/** Server-sent events of a response; one that the connection cuts off is left out, and comes again. */
async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) yield eventOf(block);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function eventOf(block: string): StreamEvent {
  const fields = new Map(
    block.split('\n').flatMap((line): [string, string][] => {
      const colon = line.indexOf(': ');
      return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 2)]];
    }),
  );
  const id = Number(fields.get('id') ?? Number.NaN);
  const data = fields.get('event') === 'move' ? fields.get('data') : undefined;
  return { id: Number.isSafeInteger(id) ? id : null, move: data === undefined ? null : (JSON.parse(data) as MoveBody) };
}
