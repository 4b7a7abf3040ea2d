import type {
  AccountBody,
  AccountsBody,
  CatalogueBody,
  ComingEvidenceBody,
  EvidenceBody,
  ExperienceBody,
  ExplanationBody,
  FlowBody,
  ImportReportBody,
  MoveBody,
  MovesBody,
  NoteBody,
  Operations,
  OverrideBody,
  ProblemBody,
  RecordedBody,
  SegmentsBody,
  SignalRowBody,
  UsersBody,
} from '../api/contract.ts';
import { eventsIn } from './events.ts';
import { OPERATIONS } from './operations.ts';

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

/** What a list is asked with: words and numbers by the names of the document; a list of words means any of them. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** How one request is sent. */
export interface SendOptions {
  readonly signal?: AbortSignal;
}

/** How a change is sent. */
export interface ChangeOptions extends SendOptions {
  /** The same for the same change: it happens once, however often it is sent. */
  readonly idempotencyKey?: string;
  /** ETag of what was seen: refused with 412 where it is another by now. */
  readonly ifMatch?: string;
}

type Named<Path extends string> = Path extends `${infer First}/${infer Rest}`
  ? Named<First> | Named<Rest>
  : Path extends `:${infer Name}`
    ? Name
    : never;

/** What an operation is asked with: the names in its path, a query where it is read, a body where it is sent one. */
export type Asking<Name extends keyof Operations> = {
  readonly query?: Query;
} & (Named<Operations[Name]['at']> extends never
  ? { readonly params?: never }
  : { readonly params: { readonly [Each in Named<Operations[Name]['at']>]: string | number } }) &
  (undefined extends Operations[Name]['body']
    ? { readonly body?: Operations[Name]['body'] }
    : { readonly body: Operations[Name]['body'] });

/** A file to import: `source` is the name of a source of the model, or a mapping as one has it. */
export interface Upload {
  readonly source: string | object;
  readonly file: Blob;
  /** Name of the file, as reports tell it. */
  readonly name: string;
  /** Reads, checks and counts, and keeps nothing. */
  readonly dryRun?: boolean;
}

/** What is exported as a file. */
export type Exported = 'accounts' | 'users' | 'signals' | 'moves';

/** A server of Bellwether, with nothing but `fetch`: in a browser and in Node. */
export interface Client {
  /** What to show a user now; name the account of a user who belongs to several. Null: the user is not known yet. */
  experience(userId: string, options?: SendOptions & { readonly account?: string }): Promise<ExperienceBody | null>;
  /** What is said of an account now; null: it is not known yet. */
  account(accountId: string, options?: SendOptions): Promise<AccountBody | null>;
  /** One page of accounts; `pages` takes all of them. */
  accounts(query?: Query, options?: SendOptions): Promise<AccountsBody>;
  /** Why an account is where it is; null: it is not known on that day. */
  explain(accountId: string, options?: SendOptions & { readonly asOf?: string }): Promise<ExplanationBody | null>;
  /** Every signal of an account; null: it is not known on that day. */
  signalsOf(accountId: string, options?: SendOptions & { readonly asOf?: string }): Promise<SignalRowBody | null>;
  users(query?: Query, options?: SendOptions): Promise<UsersBody>;
  signals(options?: SendOptions): Promise<CatalogueBody>;
  segments(query?: Query, options?: SendOptions): Promise<SegmentsBody>;
  recordedMoves(query?: Query, options?: SendOptions): Promise<MovesBody>;
  flow(query?: Query, options?: SendOptions): Promise<FlowBody>;
  /** What was said on a day, as it was recorded then. */
  recorded(query?: Query, options?: SendOptions): Promise<RecordedBody>;
  /** An answer about the evidence, or that it is being computed. */
  evidence(question: string, query?: Query, options?: SendOptions): Promise<EvidenceBody | ComingEvidenceBody>;
  /** Sets an account's segment by hand for some days. */
  override(
    accountId: string,
    said: { readonly segment: string; readonly reason: string; readonly days: number },
    options?: ChangeOptions,
  ): Promise<OverrideBody>;
  endOverride(accountId: string, options?: ChangeOptions): Promise<void>;
  note(
    accountId: string,
    said: { readonly text: string; readonly kind?: 'call' | 'handover' | 'note' },
    options?: ChangeOptions,
  ): Promise<NoteBody>;
  pulse(accountId: string, pulse: 'green' | 'yellow' | 'red', options?: ChangeOptions): Promise<NoteBody>;
  /**
   * Any operation by its name in the document, with its types: `call('holds.decide', { params: { id: 4, action: 'release' } })`.
   * Fails with a `BellwetherError` where the server refuses.
   */
  call<Name extends keyof Operations>(
    name: Name,
    asking: Asking<Name>,
    options?: ChangeOptions,
  ): Promise<Operations[Name]['says']>;
  /** Imports a file: every row is accepted once, or refused into the quarantine. */
  upload(upload: Upload, options?: ChangeOptions): Promise<ImportReportBody>;
  /** Everything of a kind as a file, to be read as it comes. */
  download(
    what: Exported,
    format: 'csv' | 'parquet',
    options?: SendOptions & { readonly asOf?: string },
  ): Promise<ReadableStream<Uint8Array>>;
  /** Every page of a list, one after the other. */
  pages<Page extends { readonly next: string | null }>(
    list: (query: Query) => Promise<Page>,
    query?: Query,
  ): AsyncGenerator<Page, void, void>;
  /**
   * Moves as they are recorded, after one of them or from now on. Resumes by itself when the connection ends; ends when the
   * signal is raised, and fails where the server refuses.
   */
  moves(options?: SendOptions & { readonly after?: number }): AsyncGenerator<MoveBody, void, void>;
}

const NOT_FOUND = 404;
const NO_CONTENT = 204;
const RETRY_MILLIS = 1_000;

/** A client of a Bellwether server. */
export function createClient({ url, key, fetch: given }: ClientOptions): Client {
  const base = url.replace(/\/+$/, '');
  const send = given ?? globalThis.fetch.bind(globalThis);
  const request: Request = async (path, { method = 'GET', headers = {}, body, signal } = {}) => {
    const response = await send(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (!response.ok) throw new BellwetherError(response.status, await readProblem(response));
    return response;
  };
  return {
    ...readingBy(request),
    ...changingBy(request),
    ...callingBy(request),
    pages,
    moves: ({ after, signal } = {}) =>
      follow(
        (last) => {
          const resume: Record<string, string> = last === null ? {} : { 'last-event-id': String(last) };
          const headers = { accept: 'text/event-stream', ...resume };
          return request('/api/v1/stream', { headers, ...(signal === undefined ? {} : { signal }) });
        },
        after ?? null,
        signal,
      ),
  };
}

type Request = (
  path: string,
  options?: {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string | FormData;
    readonly signal?: AbortSignal;
  },
) => Promise<Response>;

type Changing = Pick<Client, 'override' | 'endOverride' | 'note' | 'pulse'>;
type Calling = Pick<Client, 'call' | 'upload' | 'download'>;

function callingBy(request: Request): Calling {
  return {
    call: async (name, asking, options = {}) => {
      const { params = {}, query = {}, body } = asking as { params?: object; query?: Query; body?: unknown };
      const [method, path] = OPERATIONS[name].split(' ') as [string, string];
      const named = new Map(Object.entries(params).map(([key, value]) => [key, encodeURIComponent(String(value))]));
      const filled = path.replace(/:(\w+)/g, (_, key: string) => named.get(key) ?? '');
      const headers = { ...changeHeaders(options), ...(body == null ? {} : { 'content-type': 'application/json' }) };
      const sent = body == null ? {} : { body: JSON.stringify(body) };
      const response = await request(`${filled}${queryText(query)}`, {
        method,
        headers,
        ...sent,
        ...signalOf(options),
      });
      return response.status === NO_CONTENT ? undefined : ((await response.json()) as never);
    },
    upload: async ({ source, file, name, dryRun = false }, options = {}) => {
      const body = new FormData();
      body.append('source', typeof source === 'string' ? source : JSON.stringify(source));
      if (dryRun) body.append('dryRun', 'true');
      body.append('file', file, name);
      const sent = { method: 'POST', headers: changeHeaders(options), body, ...signalOf(options) };
      return (await (await request('/api/v1/imports', sent)).json()) as ImportReportBody;
    },
    download: async (what, format, { asOf, ...options } = {}) => {
      const { body } = await request(`/api/v1/exports/${what}.${format}${queryText({ asOf })}`, signalOf(options));
      if (body === null) throw new BellwetherError(NO_CONTENT, null);
      return body;
    },
  };
}

const signalOf = ({ signal }: SendOptions) => (signal === undefined ? {} : { signal });

const changeHeaders = ({ idempotencyKey, ifMatch }: ChangeOptions): Record<string, string> => ({
  ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
});

function readingBy(request: Request): Omit<Client, keyof Changing | keyof Calling | 'pages' | 'moves'> {
  const read = async <Body>(path: string, query: Query = {}, { signal }: SendOptions = {}): Promise<Body> => {
    const options = { headers: { accept: 'application/json' }, ...(signal === undefined ? {} : { signal }) };
    const response = await request(`/api/v1/${path}${queryText(query)}`, options);
    return (await response.json()) as Body;
  };
  const one = (id: string) => encodeURIComponent(id);
  return {
    experience: (userId, { account, ...options } = {}) =>
      nullWhereUnknown(read(`users/${one(userId)}/experience`, { account }, options)),
    account: (accountId, options) => nullWhereUnknown(read(`accounts/${one(accountId)}`, {}, options)),
    accounts: (query, options) => read('accounts', query, options),
    explain: (accountId, { asOf, ...options } = {}) =>
      nullWhereUnknown(read(`accounts/${one(accountId)}/explain`, { asOf }, options)),
    signalsOf: (accountId, { asOf, ...options } = {}) =>
      nullWhereUnknown(read(`accounts/${one(accountId)}/signals`, { asOf }, options)),
    users: (query, options) => read('users', query, options),
    signals: (options) => read('signals', {}, options),
    segments: (query, options) => read('segments', query, options),
    recordedMoves: (query, options) => read('moves', query, options),
    flow: (query, options) => read('moves/flow', query, options),
    recorded: (query, options) => read('recorded', query, options),
    evidence: (question, query, options) => read(`evidence/${one(question)}`, query, options),
  };
}

function changingBy(request: Request): Changing {
  const change = (
    method: string,
    path: string,
    body: object | null,
    options: ChangeOptions = {},
  ): Promise<Response> => {
    const headers = { ...changeHeaders(options), ...(body === null ? {} : { 'content-type': 'application/json' }) };
    const sent = { ...(body === null ? {} : { body: JSON.stringify(body) }), ...signalOf(options) };
    return request(`/api/v1/${path}`, { method, headers, ...sent });
  };
  const of = (accountId: string, what: string) => `accounts/${encodeURIComponent(accountId)}/${what}`;
  const told = async <Body>(response: Promise<Response>): Promise<Body> => (await (await response).json()) as Body;
  return {
    override: (accountId, said, options) => told(change('POST', of(accountId, 'override'), said, options)),
    endOverride: async (accountId, options) => {
      await change('DELETE', of(accountId, 'override'), null, options);
    },
    note: (accountId, said, options) => told(change('POST', of(accountId, 'notes'), said, options)),
    pulse: (accountId, pulse, options) => told(change('POST', of(accountId, 'pulse'), { pulse }, options)),
  };
}

async function* pages<Page extends { readonly next: string | null }>(
  list: (query: Query) => Promise<Page>,
  query: Query = {},
): AsyncGenerator<Page, void, void> {
  let cursor: string | undefined;
  do {
    const page = await list({ ...query, cursor });
    yield page;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

function queryText(query: Query): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of value === undefined ? [] : Array.isArray(value) ? value : [value])
      parts.append(name, String(one));
  }
  return parts.size === 0 ? '' : `?${parts}`;
}

async function nullWhereUnknown<Body>(reading: Promise<Body>): Promise<Body | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof BellwetherError && error.status === NOT_FOUND && error.problem !== null) return null;
    throw error;
  }
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
