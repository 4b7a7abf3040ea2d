import { join } from 'node:path';
import { FACT_TABLES } from '../../model/tables.ts';
import { knownOf } from '../../pipeline/known.ts';
import { replayRow } from '../../pipeline/quarantined.ts';
import { taxonomyUse } from '../../pipeline/taxonomy.ts';
import { type Route, route } from '../route.ts';
import { knownBody, replayedBody, rowToReplay, tablesBody, taxonomyBody } from '../schema/known.ts';
import type { DataSide } from './data.ts';
import { UPLOAD_PATIENCE, type UploadSide } from './uploads.ts';

/** What the page of data asks: how every input stands, what a file may hold, what the model makes of events. */
export const KNOWN_ROUTES: readonly Route<UploadSide & DataSide>[] = [
  route({
    name: 'data.get',
    method: 'GET',
    path: '/api/v1/data',
    group: 'data',
    summary: 'What is known, how fresh it is, and what could not be used',
    description: 'As `bellwether data --json`.',
    may: 'data.read',
    load: 'heavy',
    isTagged: false,
    answers: { 200: knownBody },
    refuses: [],
    handle: async (_, { engines, clock }: UploadSide) => knownOf(engines, new Date(clock())),
  }),
  route({
    name: 'data.tables',
    method: 'GET',
    path: '/api/v1/data/tables',
    group: 'data',
    summary: 'What files may hold: every table with its columns, and the sources of the model that fill it',
    may: 'data.read',
    load: 'read',
    answers: { 200: tablesBody },
    refuses: [],
    handle: async (_, { engines: { model } }: UploadSide) => ({
      tables: FACT_TABLES.map(({ name, grain, columns }) => ({
        ...{ name, grain, columns },
        sources: model.sources.filter(({ table }) => table === name).map((source) => source.name),
      })),
    }),
  }),
  route({
    name: 'taxonomy.get',
    method: 'GET',
    path: '/api/v1/taxonomy',
    group: 'data',
    summary: 'Events of the last 30 days by what the model makes of them: areas, proxies, ignored, unplanned',
    may: 'data.read',
    load: 'read',
    answers: { 200: taxonomyBody },
    refuses: [],
    handle: async (_, { engines, clock }: UploadSide) => taxonomyUse(engines, clock()),
  }),
  route({
    name: 'quarantine.replay',
    method: 'POST',
    path: '/api/v1/quarantine/replay',
    group: 'data',
    summary: 'Sends a refused row, corrected, through the same door again',
    description: 'Accepted, it leaves the quarantine; refused again, nothing is changed and the answer says why.',
    may: 'imports.write',
    load: 'heavy',
    changes: ({ body: { table, line } }) => `${table} line ${line}`,
    body: rowToReplay,
    answers: { 200: replayedBody },
    refuses: ['unknown-row', 'bad-row', 'bad-mapping', 'import-runs'],
    handle: async ({ body, actor }, side: UploadSide) => {
      const { engines, clock, uploads, dataFolder, nextNumber, onLanded } = side;
      const directory = join(dataFolder, 'uploads', `${engines.run.replace(/\W/g, '_')}_replay-${nextNumber()}`);
      const replayed = await uploads.pass(() =>
        replayRow(
          { ...engines, run: `${engines.run}_replay` },
          {
            ...{ ...body, source: body.source ?? null, directory, by: actor?.name ?? 'nobody known' },
            ...{ now: new Date(clock()), patience: UPLOAD_PATIENCE },
          },
        ),
      );
      if (replayed.outcome === 'accepted') onLanded();
      return replayed;
    },
  }),
];
