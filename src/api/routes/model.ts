import type { FastifyRequest } from 'fastify';
import { parse } from 'yaml';
import { z } from 'zod';
import { checkModel } from '../../definition/check/list.ts';
import { type ParsedModel, parseModel } from '../../definition/parse.ts';
import { Failure } from '../../model/failure.ts';
import type { Engines } from '../../pipeline/engines.ts';
import {
  diffVersions,
  modelStanding,
  type PublishedHere,
  publishHere,
  versionText,
} from '../../pipeline/model-in-force.ts';
import type { Plan } from '../../pipeline/plan.ts';
import type { Previewer } from '../../pipeline/previewer.ts';
import { type Expected, listPublications } from '../../pipeline/publication.ts';
import { publishedAt } from '../../pipeline/published.ts';
import { listVersions, readVersion } from '../../pipeline/versions.ts';
import { vocabularyOf } from '../../pipeline/vocabulary.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { camel } from '../camel.ts';
import { type Asked, type Route, route } from '../route.ts';
import {
  checkedModelBody,
  modelBody,
  modelDiffBody,
  modelToCheck,
  modelToPreview,
  modelToPublish,
  modelToRollBack,
  previewBody,
  publicationsBody,
  publishedBody,
  versionBody,
  versionsBody,
  vocabularyBody,
} from '../schema/model.ts';

/** What the routes of the model work with. */
export interface ModelSide {
  readonly engines: Engines;
  readonly clock: () => number;
  readonly previewer: Previewer;
  /** The file that what is published is written into as well; null: none. */
  readonly modelPath: string | null;
  /** Told after a publication, so that it is adopted at once. */
  readonly onPublished: () => void;
}

const MOST_BYTES = 2_000_000;
const word = z.string().min(1).max(200);

/** The model, its versions, and what would be wrong with another. */
export const MODEL_ROUTES: readonly Route<ModelSide>[] = [
  route({
    name: 'model.get',
    method: 'GET',
    path: '/api/v1/model',
    group: 'model',
    summary: 'The model that is in force: its version, its text, and the text as data',
    may: 'model.read',
    load: 'read',
    answers: { 200: modelBody },
    headers: { etag: 'Send it as If-Match when you publish, so that nobody else’s change is lost' },
    refuses: [],
    handle: async ({ reply }, { engines, modelPath }: ModelSide) => {
      const { model } = engines;
      const recorded = await publishedAt(engines);
      const standing = await modelStanding(engines, modelPath);
      // The tag is the same while it is being computed and once it is in force, so a kept answer would say the one for the other.
      const last = standing.coming ?? standing.publication;
      const etag = tagOf(last?.version ?? model.version, last?.publicationId ?? null);
      return reply.headers({ etag, 'cache-control': 'no-store' }).send({
        version: model.version,
        name: model.name,
        currency: model.currency,
        parsed: parse(standing.text) as Record<string, unknown>,
        recordedAt: recorded === null ? null : new Date(recorded).toISOString(),
        ...standing,
      });
    },
  }),
  route({
    name: 'model.versions',
    method: 'GET',
    path: '/api/v1/model/versions',
    group: 'model',
    summary: 'Every version under which something was recorded, the latest first',
    may: 'model.read',
    load: 'read',
    answers: { 200: versionsBody },
    refuses: [],
    handle: async (_, { engines }: ModelSide) => {
      const versions = await listVersions(engines);
      return { versions: versions.map((each) => ({ ...each, isCurrent: each.version === engines.model.version })) };
    },
  }),
  route({
    name: 'model.version',
    method: 'GET',
    path: '/api/v1/model/versions/:version',
    group: 'model',
    summary: 'One version with its text',
    may: 'model.read',
    load: 'read',
    params: z.object({ version: z.string().min(1).max(200) }),
    answers: { 200: versionBody },
    refuses: ['unknown-version'],
    handle: async ({ params: { version } }, { engines }: ModelSide) => {
      const found = await readVersion(engines, version);
      if (found === null) throw new Failure('unknown-version', `No version ${version} of the model was ever recorded.`);
      return { ...found, isCurrent: version === engines.model.version };
    },
  }),
  route({
    name: 'model.check',
    method: 'POST',
    path: '/api/v1/model/check',
    group: 'model',
    summary: 'What is wrong with the text of a model, with line and column; nothing is changed',
    may: 'model.read',
    load: 'read',
    changes: null,
    bodyLimit: MOST_BYTES,
    body: modelToCheck,
    answers: { 200: checkedModelBody },
    refuses: [],
    handle: async ({ body }, { engines }: ModelSide) => {
      const { model, diagnostics } = readDraft(body.text, engines);
      return { version: model?.version ?? null, diagnostics };
    },
  }),
  route({
    name: 'model.preview',
    method: 'POST',
    path: '/api/v1/model/preview',
    group: 'model',
    summary:
      'What a draft would change: who moves with which ARR, the load on people, alerts, unknowns; nothing is changed',
    may: 'model.read',
    load: 'read',
    changes: null,
    bodyLimit: MOST_BYTES,
    body: modelToPreview,
    answers: { 200: previewBody },
    refuses: ['no-as-of', 'not-ready'],
    handle: async ({ body: { text, measure } }, { engines, previewer }: ModelSide) => {
      const { model, diagnostics } = readDraft(text, engines);
      return { diagnostics, plan: model === null ? null : planBodyOf(await previewer.preview(model, measure)) };
    },
  }),
  route({
    name: 'model.vocabulary',
    method: 'GET',
    path: '/api/v1/model/vocabulary',
    group: 'model',
    summary:
      'Every name that a condition of accounts may read: unit, meaning, and how it spreads among today’s customers',
    may: 'model.read',
    load: 'read',
    answers: { 200: vocabularyBody },
    refuses: ['no-as-of', 'not-ready'],
    handle: async (_, { previewer }: ModelSide) => {
      const { frame, side } = await previewer.standing();
      const words = vocabularyOf(frame, side.model);
      return { asOf: new Date(frame.asOf).toISOString(), customers: side.placed.length, words };
    },
  }),
];

/** What was published, and by whom. */
export const PUBLICATION_ROUTES: readonly Route<ModelSide>[] = [
  route({
    name: 'model.publications',
    method: 'GET',
    path: '/api/v1/model/publications',
    group: 'model',
    summary: 'Every model that was published, with its note and what it changed in words, the latest first',
    may: 'model.read',
    load: 'read',
    answers: { 200: publicationsBody },
    refuses: [],
    handle: async (_, { engines }: ModelSide) => ({ publications: await listPublications(engines) }),
  }),
  route({
    name: 'model.diff',
    method: 'GET',
    path: '/api/v1/model/diff',
    group: 'model',
    summary: 'What is otherwise in one recorded version than in another, in words',
    may: 'model.read',
    load: 'read',
    query: z.strictObject({ from: word, to: word }),
    answers: { 200: modelDiffBody },
    refuses: ['unknown-version', 'model-refused'],
    handle: async ({ query: { from, to } }, { engines }: ModelSide) => ({
      ...{ from, to },
      changes: await diffVersions(engines, from, to),
    }),
  }),
  route({
    name: 'model.publish',
    method: 'POST',
    path: '/api/v1/model/publications',
    group: 'model',
    summary:
      'Publishes a model: from now on it is in force; accounts are answered anew by it, and moves have it as their cause',
    may: 'model.write',
    load: 'write',
    changes: ({ body }) => `note: ${body.note}`,
    bodyLimit: MOST_BYTES,
    body: modelToPublish,
    answers: { 201: publishedBody },
    refuses: ['model-refused', 'nothing-changed', 'no-reason', 'changed-meanwhile'],
    handle: async (asked, side: ModelSide) => {
      const { text, note } = asked.body;
      return asked.reply.code(201).send(await publishBy(asked, side, text, note));
    },
  }),
  route({
    name: 'model.roll_back',
    method: 'POST',
    path: '/api/v1/model/roll-back',
    group: 'model',
    summary: 'Publishes the text of an earlier version again',
    may: 'model.write',
    load: 'write',
    changes: ({ body }) => `to ${body.version}`,
    body: modelToRollBack,
    answers: { 201: publishedBody },
    refuses: ['unknown-version', 'model-refused', 'nothing-changed', 'no-reason', 'changed-meanwhile'],
    handle: async (asked, side: ModelSide) => {
      const { version, note } = asked.body;
      const { modelText } = await versionText(side.engines, version, side.engines.model.file);
      return asked.reply.code(201).send(await publishBy(asked, side, modelText, note));
    },
  }),
];

/** A draft as a model, with what the check of the model alone tells of it. */
export function readDraft(text: string, { model: { file } }: Engines): ParsedModel {
  const { model, diagnostics } = parseModel(text, { file, catalogue: SIGNAL_CATALOGUE });
  if (model === null) return { model, diagnostics };
  return { model, diagnostics: [...diagnostics, ...checkModel({ model, catalogue: SIGNAL_CATALOGUE })] };
}

async function publishBy(
  { request, actor }: Pick<Asked<unknown, unknown, unknown>, 'request' | 'actor'>,
  { engines, modelPath, clock, onPublished }: ModelSide,
  text: string,
  note: string,
): Promise<PublishedHere> {
  const { model, modelText } = engines;
  const [author, now, expected] = [actor?.name ?? '', new Date(clock()), expectedOf(request)];
  const published = await publishHere(engines, modelPath, {
    ...{ text, note, author, now, expected },
    file: { model, modelText },
  });
  onPublished();
  return published;
}

function planBodyOf(plan: Plan) {
  return {
    ...plan,
    moves: plan.moves.map(camel),
    flows: plan.flows.map(camel),
    segments: plan.segments.map(({ before, after, ...rest }) => ({
      ...camel(rest),
      before: before === null ? null : camel(before),
      after: after === null ? null : camel(after),
    })),
  };
}

/** Names words, and not only what they mean: a remark that somebody added would be lost like anything else. */
const tagOf = (version: string, publicationId: number | null): string => `"model-${version}-${publicationId ?? 0}"`;

/** What a request takes for in force; undefined: whatever is. */
function expectedOf({ headers }: FastifyRequest): Expected | undefined {
  const match = headers['if-match'];
  if (match === undefined || match === '*') return undefined;
  const [, version = '', publicationId = '0'] = /^"model-([0-9a-f]{64})-(\d{1,15})"$/.exec(match) ?? [];
  return { version, publicationId: Number(publicationId) || null };
}
