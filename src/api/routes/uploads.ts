import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import multipart from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../model/failure.ts';
import type { Engines } from '../../pipeline/engines.ts';
import type { Turnstile } from '../../pipeline/turnstile.ts';
import { importUpload } from '../../pipeline/upload.ts';
import { type Door, type Route, route } from '../route.ts';
import { importReportBody, uploadBody } from '../schema/import.ts';

/** What the routes of uploads work with. */
export interface UploadSide {
  readonly engines: Engines;
  readonly clock: () => number;
  /** Folder of the workspace's data; a file that is sent up is there until it is read. */
  readonly dataFolder: string;
  readonly nextNumber: () => number;
  /** One import at a time. */
  readonly uploads: Turnstile;
  readonly uploadBytes: number;
  readonly onLanded: () => void;
}

/** How long an upload waits for an import of another process. */
export const UPLOAD_PATIENCE = { pause: (milliseconds: number) => sleep(milliseconds), mostMillis: 120_000 };
const FIELD_BYTES = 100_000;
const FIELDS = 10;
/** The server takes a body piece by piece, up to the limit of the file and its fields. */
const BODY_BYTES = Number.MAX_SAFE_INTEGER;

const UPLOAD_DOOR: Door = {
  name: 'upload',
  reads: ['multipart/form-data'],
  prepare: async (app) => {
    await app.register(multipart);
  },
};

/** Imports by upload: through the same code as the sources of the model. */
export const UPLOAD_ROUTES: readonly Route<UploadSide>[] = [
  route({
    name: 'imports.upload',
    method: 'POST',
    path: '/api/v1/imports',
    group: 'data',
    summary: 'Imports a file that is sent: every row is accepted once, or refused into the quarantine',
    description:
      'Parts: `source`, then `dryRun` where nothing is to be kept, then `file`. A file that breaks off or is too large leaves nothing behind. ' +
      'Sent again it changes nothing. Afterwards everybody whom it touches is computed anew.',
    may: 'imports.write',
    load: 'heavy',
    door: UPLOAD_DOOR,
    bodyLimit: BODY_BYTES,
    changes: () => 'upload',
    isBodyUnchecked: true,
    body: uploadBody,
    answers: { 200: importReportBody },
    refuses: ['bad-mapping', 'import-runs'],
    take,
    handle: async ({ request }, side: UploadSide) => {
      const { engines, clock, uploads, onLanded } = side;
      const sent = SENT.get(request);
      if (sent === undefined) throw new Error('an upload was handled before it was taken');
      const { file, source, isDry, directory } = sent;
      const now = new Date(clock());
      try {
        const run = `${engines.run}_upload`;
        const request = { file, source, isDry, directory, now, patience: UPLOAD_PATIENCE };
        const report = await uploads.pass(() => importUpload({ ...engines, run }, request));
        if (!isDry) onLanded();
        return report;
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  }),
];

interface Sent {
  readonly file: string;
  readonly source: string;
  readonly isDry: boolean;
  /** A word for everything that was sent, the file by its content. */
  readonly word: string;
  /** Folder that holds the file and nothing else. */
  readonly directory: string;
}

/** What was taken of requests that are not answered yet. */
const SENT = new WeakMap<FastifyRequest, Sent>();

/** Takes an upload to disk, before it is known whether the same was sent already; it is gone once the request is answered. */
async function take(request: FastifyRequest, reply: FastifyReply, side: UploadSide): Promise<string> {
  const { engines, dataFolder, nextNumber, uploadBytes } = side;
  const directory = join(dataFolder, 'uploads', `${engines.run.replace(/\W/g, '_')}_upload-${nextNumber()}`);
  const remove = () => rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  try {
    const sent = await receive(request, directory, uploadBytes).catch(unreadable);
    reply.raw.once('close', () => void remove());
    SENT.set(request, sent);
    return sent.word;
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Takes the parts of a request, the file to disk as it comes. */
async function receive(request: FastifyRequest, directory: string, most: number): Promise<Sent> {
  const fields = new Map<string, string>();
  const content = createHash('sha256');
  const limits = { fileSize: most, files: 1, fields: FIELDS, fieldSize: FIELD_BYTES };
  for await (const part of request.parts({ limits })) {
    if (part.type === 'field') {
      fields.set(part.fieldname, String(part.value));
      continue;
    }
    const file = nameOf(part.filename);
    const hashed = async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        content.update(piece);
        yield piece;
      }
    };
    await pipeline(part.file, hashed, createWriteStream(join(directory, file))).catch((cause: unknown) => {
      if (!request.raw.readableAborted && !request.raw.destroyed) throw cause;
      throw new Failure('bad-request', 'The file broke off before its end. Send it again.', { cause });
    });
    if (part.file.truncated) {
      throw new Failure('too-large', `A file that is sent up has at most ${most} bytes here.`);
    }
    const source = fields.get('source');
    if (source === undefined) throw new Failure('bad-mapping', 'There is no `source` before the file.');
    const word = JSON.stringify([file, source, fields.get('dryRun') ?? null, content.digest('base64url')]);
    return { file, source, isDry: fields.get('dryRun') === 'true', word, directory };
  }
  throw new Failure('bad-request', 'There is no part with a file.');
}

/** What the parser of parts does not understand is the sender's to correct; what the disk says is ours. */
function unreadable(cause: unknown): never {
  const isOurs = cause instanceof Error && 'code' in cause && /^E[A-Z]+$/.test(String(cause.code));
  if (cause instanceof Failure || isOurs || !(cause instanceof Error)) throw cause;
  throw new Failure('bad-request', `The parts of the body cannot be read: ${cause.message}.`, { cause });
}

/** The name of a file as it is written to disk and told in reports. */
function nameOf(given: string): string {
  const name = basename(given.replaceAll('\\', '/'))
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .slice(-120);
  return /^\.*$/.test(name) ? 'file' : name;
}
