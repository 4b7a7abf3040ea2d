import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepInFile } from '../../src/pipeline/model-file.ts';
import { baseModel, publishHere, versionText } from '../../src/pipeline/model-in-force.ts';
import { latestPublication, listPublications, publish } from '../../src/pipeline/publication.ts';
import { ModelRefused } from '../../src/pipeline/refused.ts';
import { LIVE_MODEL, type OpenEngines, openEngines } from '../api/serving.ts';
import { scratchFolder } from '../scratch.ts';

const NOW = new Date('2026-03-10T12:00:00Z');
const STRICTER = LIVE_MODEL.replace('reports_30d >= 5', 'reports_30d >= 8').replace(
  'reports_30d < 5',
  'reports_30d < 8',
);
const COMMENTED = `# what a busy account is\n${STRICTER}`;

let engines: OpenEngines;
beforeAll(async () => {
  engines = await openEngines();
});
afterAll(() => engines.close());

const request = (text: string, note = 'a test') => ({
  ...{ text, note, author: 'ada', now: NOW },
  file: { model: engines.model, modelText: engines.modelText },
});

test('what is published is in force, with what it changed in words; every refusal leaves it as it was', async () => {
  await expect(publish(engines.ledger, request(STRICTER, ' '))).rejects.toMatchObject({ code: 'no-reason' });
  await expect(publish(engines.ledger, request(LIVE_MODEL))).rejects.toMatchObject({ code: 'nothing-changed' });
  const faulty = publish(engines.ledger, request(STRICTER.replace('reports_30d >= 8', 'reports_30 >= 8')));
  await expect(faulty).rejects.toThrow(ModelRefused);
  expect(await latestPublication(engines.ledger)).toBeNull();
  expect((await baseModel(engines.ledger, engines))?.model.version).toBe(engines.model.version);

  const { publication, textBefore } = await publish(engines.ledger, request(STRICTER));
  expect(textBefore).toBe(LIVE_MODEL);
  expect(publication).toMatchObject({
    versionBefore: engines.model.version,
    note: 'a test',
    author: 'ada',
    adoptedAt: null,
  });
  expect(publication.changes.map(({ path }) => path)).toEqual(['segments.Busy.when', 'segments.Quiet.when']);
  expect(publication.changes[0]?.words).toContain('`reports_30d >= 8`');
  expect((await baseModel(engines.ledger, engines))?.modelText).toBe(STRICTER);
});

test('of two who publish upon the same, the second is told that it changed meanwhile', async () => {
  const last = await latestPublication(engines.ledger);
  const expected = { version: last?.version ?? '' };
  const both = await Promise.allSettled(
    [1, 2].map((share) =>
      publish(engines.ledger, { ...request(STRICTER.replace('share: 1', `share: 0.${share}`)), expected }),
    ),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'changed-meanwhile' } });
});

test('a roll back is a publication of the older text', async () => {
  const { modelText } = await versionText(engines, engines.model.version, 'bellwether.yaml');
  expect(modelText).toBe(LIVE_MODEL);
  const { publication } = await publish(engines.ledger, request(modelText, 'it caught too many'));
  expect(publication.version).toBe(engines.model.version);
  expect((await listPublications(engines)).length).toBe(3);
});

test('the file follows what is published, unless it holds a change of somebody’s', async () => {
  const path = join(scratchFolder(), 'bellwether.yaml');
  const text = (): string => readFileSync(path, 'utf8');
  writeFileSync(path, LIVE_MODEL);
  const first = await publishHere(engines, path, request(STRICTER));
  expect([first.file, text()]).toEqual(['same', STRICTER]);
  const mine = `${STRICTER}# mine\n`;
  writeFileSync(path, mine);
  const second = await publishHere(engines, path, request(COMMENTED));
  expect(second.publication.changes).toEqual([]);
  expect([second.file, text()]).toEqual(['other', mine]);
  const gone = join(scratchFolder(), 'nothing.yaml');
  const published = { publication: second.publication, textBefore: STRICTER };
  expect(await keepInFile(gone, published, COMMENTED)).toBe('none');
});
