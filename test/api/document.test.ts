import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KeyRing } from '../../src/api/key.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { loadAcme } from './acme.ts';
import {
  chance,
  type Document,
  documentSchema,
  type GeneratedRequest,
  generateRequest,
  operationsOf,
} from './generated.ts';
import { type OpenEngines, openEngines, type Serving, serve, until } from './serving.ts';

const REQUESTS = 10_000;
const LANES = 16;
const SEED = 5;

let engines: OpenEngines;
let service: Serving;
let document: Document;
let text = '';
const keys: string[] = ['', 'bw_read_nobody'];

beforeAll(async () => {
  engines = await openEngines();
  await loadAcme(engines.warehouse, Date.now());
  service = await serve(engines, Date.now, { limits: { answer: 1e9, read: 1e9, write: 1e9, guess: 1e9, heavy: 3 } });
  // Keys that requests revoke by chance are those of small numbers, and none of ours.
  await engines.ledger.command('ALTER SEQUENCE api_keys_key_id_seq RESTART WITH 700000000');
  const ring = new KeyRing(engines.ledger, Date.now);
  for (const scope of ['write', 'read', 'admin', 'admin'] as const)
    keys.push((await ring.create(scope, scope, 'test')).key);
  await until(
    () => service.loop.state,
    ({ sweptAt }) => sweptAt !== null,
  );
  text = await (await fetch(`${service.address}/api/v1/openapi.json`)).text();
  document = documentSchema.parse(JSON.parse(text));
});

afterAll(async () => {
  await service.close();
  await engines.close();
});

/** What the linter may say and why it does not matter. */
const ALLOWED: ReadonlySet<string> = new Set([
  // Whether the process lives is asked without a parameter and without leave: nothing of it can be refused.
  'operation-4xx-response #/paths/~1healthz/get/responses',
  'operation-4xx-response #/paths/~1readyz/get/responses',
  'operation-4xx-response #/paths/~1api~1v1~1openapi.json/get/responses',
  // The two steps of signing in with a provider send the browser on, and nothing else.
  'operation-2xx-response #/paths/~1api~1v1~1sign-in~1oidc/get/responses',
  'operation-2xx-response #/paths/~1api~1v1~1sign-in~1callback~1oidc/get/responses',
]);

test('the document is OpenAPI 3.1 as another tool reads it, and has every route once', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const found = await lintFromString({ source: text, absoluteRef: '/openapi.json', config });
  const said = found.map(({ ruleId, message, location }) => ({ at: `${ruleId} ${location[0]?.pointer}`, message }));
  expect(said.filter(({ at }) => !ALLOWED.has(at))).toEqual([]);
  const told = operationsOf(document).map(({ method, path, operationId }) => `${method} ${path} ${operationId}`);
  const written = ROUTES.map(({ method, path, name }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')} ${name}`);
  expect(told.toSorted()).toEqual(written.toSorted());
  expect(new Set(ROUTES.map(({ name }) => name)).size).toBe(ROUTES.length);
});

test('a body is required where the document says so, and may be left out where it does not', async () => {
  const sent = ROUTES.filter(({ body }) => body !== undefined);
  expect(sent.length).toBeGreaterThan(15);
  const admin = keys.at(-1) ?? '';
  // A person's own session is asked for before a body is looked at.
  for (const { method, path, name, body, may } of sent.filter((route) => route.may !== 'self.manage')) {
    const operation = operationsOf(document).find(({ operationId }) => operationId === name);
    const isRequired = (operation?.requestBody as { required?: boolean } | undefined)?.required === true;
    expect([name, isRequired]).toEqual([name, body?.safeParse(undefined).success !== true]);
    const url = path.replace(':action', 'release').replace(/:\w+/g, '999999999');
    const authorization =
      may === 'events.send' ? `Basic ${Buffer.from(`${keys[2]}:`).toString('base64')}` : `Bearer ${admin}`;
    const answer = await fetch(`${service.address}${url}`, { method, headers: { authorization } });
    const { status } = answer;
    await answer.arrayBuffer();
    // A form without a type is no form; whatever else is missing is a request that cannot be read.
    if (isRequired) expect([400, 415], name).toContain(status);
    else expect(status, name).toBe(404);
  }
  expect(JSON.stringify(document)).not.toContain('x-optional-body');
});

test('ten thousand requests made from the document: no 5xx, and every answer is as the document says', async () => {
  const check = answersOf(document);
  // Another model would take away the segments and accounts that all other requests name; `model.test.ts` publishes.
  const operations = operationsOf(document).filter(
    ({ operationId }) => operationId !== 'setup.use' && operationId !== 'model.publish',
  );
  const faults: unknown[] = [];
  const seen = new Map<string, number>();
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < REQUESTS; index = next++) {
      const operation = operations[index % operations.length];
      if (operation === undefined) throw new Error('there is no operation');
      const manner = (['valid', 'nearly', 'wild'] as const)[Math.floor(index / operations.length) % 3] ?? 'valid';
      const request = generateRequest(document, operation, manner, SEED + index * 7_919);
      const fault = await send(request, keys[chance(index)(keys.length)] ?? '', check, seen);
      if (fault !== null) faults.push({ index, manner, ...fault });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(faults.slice(0, 5)).toEqual([]);
  expect(service.failures).toEqual([]);
  // A document that answers everything with a refusal would pass as well.
  const isGood = (operationId: string): boolean => [...seen.keys()].some((key) => key.startsWith(`${operationId} 2`));
  const names = operations.map(({ operationId }) => operationId);
  expect(names.filter((name) => !NEVER_GOOD.has(name) && !isGood(name))).toEqual([]);
});

/** Operations that chance does not bring to a good answer: there is no such thing in this world. */
const NEVER_GOOD: ReadonlySet<string> = new Set([
  ...['holds.decide', 'keys.revoke', 'health.ready', 'model.version', 'overrides.get', 'overrides.end'],
  ...['model.diff', 'model.roll_back'],
  // What computes for seconds is asked a few times only, all of it together; other tests look at the answers.
  ...ROUTES.filter(({ load }) => load === 'heavy').map(({ name }) => name),
  // Nobody signs in here, and chance guesses no password, no link and no operator.
  ...['session.create', 'session.read', 'session.delete', 'session.provider', 'session.return', 'password.reset'],
  ...['password.change', 'invitations.accept', 'invitations.withdraw', 'people.change', 'people.sessions'],
  ...['people.end_sessions', 'erasures.lift', 'views.list', 'views.save', 'views.remove'],
]);

type Check = (request: GeneratedRequest, response: Response, body: string) => string | null;

async function send(
  request: GeneratedRequest,
  key: string,
  check: Check,
  seen: Map<string, number>,
): Promise<object | null> {
  const { url, method, headers, body, operation } = request;
  const stop = new AbortController();
  const asTracking = url.startsWith('/v1/') ? `Basic ${Buffer.from(`${key}:`).toString('base64')}` : `Bearer ${key}`;
  const response = await fetch(`${service.address}${url}`, {
    method,
    headers: { ...(key === '' ? {} : { authorization: asTracking }), ...headers },
    ...(body === null ? {} : { body }),
    redirect: 'manual',
    signal: stop.signal,
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const said = isStream ? '' : await response.text();
  if (isStream) stop.abort();
  const name = `${operation.operationId} ${response.status}`;
  seen.set(name, (seen.get(name) ?? 0) + 1);
  const isKnown5xx = operation.operationId === 'health.ready' && response.status === 503;
  const fault = response.status >= 500 && !isKnown5xx ? 'a 5xx' : check(request, response, said);
  return fault === null
    ? null
    : {
        fault,
        method,
        url: url.slice(0, 200),
        status: response.status,
        body: body?.slice(0, 200),
        said: said.slice(0, 400),
      };
}

/** Checks answers by the schemas of the document, with a validator that is not ours. */
function answersOf(whole: Document): Check {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  ajv.addSchema(whole, 'document');
  const pointer = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
  return ({ operation }, response, body) => {
    const documented = operation.responses[String(response.status)];
    if (documented === undefined) return 'a status that is not in the document';
    const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
    if (documented.content === undefined) return body === '' ? null : 'a body where the document has none';
    if (documented.content[type] === undefined) return `a type that is not in the document: ${type}`;
    if (!/json$/.test(type)) return null;
    const place = ['paths', operation.path, operation.method.toLowerCase(), 'responses', String(response.status)];
    const path = [...place, 'content', type, 'schema'].map(pointer).join('/');
    const validate = ajv.getSchema(`document#/${path}`);
    if (validate === undefined) throw new Error(`there is no schema at ${path}`);
    return validate(JSON.parse(body)) ? null : ajv.errorsText(validate.errors);
  };
}
