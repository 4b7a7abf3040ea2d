import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { KeyRing } from '../../src/api/key.ts';
import { LIVE_MODEL, type OpenEngines, openEngines, type Serving, serve, until } from './serving.ts';

const STRICTER = LIVE_MODEL.replace('share: 1,', 'share: 0.5,');

let engines: OpenEngines;
let service: Serving;
let key = '';
beforeAll(async () => {
  engines = await openEngines();
  service = await serve(engines);
  ({ key } = await new KeyRing(engines.ledger, Date.now).create('test', 'admin', 'test'));
});
afterAll(async () => {
  await service.close();
  await engines.close();
});

const bodySchema = z.looseObject({ version: z.string().optional(), publication: z.looseObject({}).nullish() });

async function asked(path: string, body?: unknown, headers: Record<string, string> = {}, by = key) {
  const response = await fetch(`${service.address}/api/v1/model${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${by}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    etag: response.headers.get('etag') ?? '',
    body: bodySchema.parse(await response.json()),
  };
}

test('a faulty draft is told with line, column, message and what to do, and changes nothing', async () => {
  const text = LIVE_MODEL.replace('reports_30d >= 5', 'report_30d >= 5');
  const { status, body } = await asked('/preview', { text });
  expect(status).toBe(200);
  expect(body['plan']).toBeNull();
  const [first] = z.array(z.looseObject({ place: z.looseObject({}) })).parse(body['diagnostics']);
  expect(first).toMatchObject({ severity: 'error', place: { line: 16, column: 25 } });
  expect(first?.['suggestion']).toContain('reports_30d');
  expect((await asked('/publications', { text, note: 'faulty' })).status).toBe(422);
});

test('publishing upon what was seen, refused upon what is gone, and rolled back; the service follows each time', async () => {
  const before = await asked('');
  const published = await asked('/publications', { text: STRICTER, note: 'half' }, { 'if-match': before.etag });
  expect(published.status).toBe(201);
  const again = { text: LIVE_MODEL, note: 'back' };
  expect((await asked('/publications', again, { 'if-match': before.etag })).status).toBe(412);
  const inForce = (version: unknown) =>
    until(
      async () => (await asked('')).body,
      (body) => body.version === version && body['coming'] === null,
    );
  const stricter = z.looseObject({ version: z.string() }).parse(published.body.publication).version;
  await inForce(stricter);
  expect((await asked(`/diff?from=${before.body.version}&to=${stricter}`)).body['changes']).toMatchObject([
    { path: 'breaker.share' },
  ]);
  expect((await asked('/roll-back', { version: before.body.version, note: 'too strict' })).status).toBe(201);
  await inForce(before.body.version);
  const { publications } = (await asked('/publications')).body;
  expect(publications).toMatchObject([{ note: 'too strict' }, { note: 'half' }]);
  // The weekly evidence on areas finds no facts here; nothing else may fail.
  expect(service.failures.filter((each) => (each as { code?: string }).code !== 'no-as-of')).toEqual([]);
});

test('words that mean the same are in force with their publication, before anything has been computed', async () => {
  const before = await asked('');
  const text = `${z.string().parse(before.body['text'])}# A remark.\n`;
  expect((await asked('/publications', { text, note: 'a remark' }, { 'if-match': before.etag })).status).toBe(201);
  const { body } = await asked('');
  expect(body).toMatchObject({ text, version: before.body.version, coming: null, publication: { note: 'a remark' } });
  // Whoever has not seen the remark would take it away.
  const other = { text: `${text}# Another.\n`, note: 'another' };
  expect((await asked('/publications', other, { 'if-match': before.etag })).status).toBe(412);
});

test('a key that reads may preview and not publish', async () => {
  const reads = service.keyOf('read');
  expect((await asked('/publications', { text: STRICTER, note: 'mine' }, {}, reads)).status).toBe(403);
  expect((await asked('', undefined, {}, reads)).status).toBe(200);
});
