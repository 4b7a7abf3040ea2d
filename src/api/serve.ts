import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { AnswerBook } from '../activation/book.ts';
import { arrivalRow } from '../ingest/arrival.ts';
import { Landing } from '../ingest/landing.ts';
import { quarantineRow } from '../ingest/refused-call.ts';
import type { Engines } from '../pipeline/engines.ts';
import { GuideKeeper } from '../pipeline/guide-keeper.ts';
import { type LiveEvents, LiveLoop } from '../pipeline/live.ts';
import { KeyRing } from './key.ts';
import { buildServer } from './server.ts';
import { createSetupToken } from './setup-link.ts';
import { MoveStream } from './stream.ts';

/** How a service runs. */
export interface ServiceOptions extends LiveEvents {
  readonly engines: Engines;
  readonly clock: () => number;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly isDry: boolean;
  /** Origins of pages that may ask for answers by themselves. */
  readonly origins?: readonly string[];
  readonly onFailure: (error: unknown) => void;
}

/** A service that runs. */
export interface Service {
  /** Where it listens: `http://127.0.0.1:8321`. */
  readonly address: string;
  /** The one-time link to set it up with; null: somebody administers it already. */
  readonly setup: string | null;
  readonly book: AnswerBook;
  readonly loop: LiveLoop;
  readonly app: FastifyInstance;
  /** Ends it: no new request, what was accepted is answered and on disk, the round under way is done. */
  readonly close: () => Promise<void>;
}

/** Waits until the time is over or the signal is raised. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** Starts everything that is live over open engines: landing, loop and server. The engines stay the caller's to close. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { engines, clock, host, port, onFailure } = options;
  const { warehouse, ledger, run } = engines;
  const book = new AnswerBook();
  const common = { warehouse, clock, pause: (milliseconds: number) => sleep(milliseconds) };
  const landing = new Landing({ ...common, process: run, table: 'arrivals', write: arrivalRow });
  const quarantine = new Landing({ ...common, process: `${run}-refused`, table: 'quarantine', write: quarantineRow });
  const stream = new MoveStream({ ledger, pause, onFailure });
  const keeper = new GuideKeeper({ engines, clock, onFailure });
  const loop = new LiveLoop({
    ...options,
    book,
    pause,
    onRefreshed: (refreshed) => {
      if (refreshed.moves.length > 0) stream.nudge();
      if (refreshed.kind === 'sweep') keeper.look(loop.state.isSweeper);
      options.onRefreshed?.(refreshed);
    },
  });
  const live = {
    get state() {
      return loop.state;
    },
    nudge: () => loop.nudge(),
  };
  const guide = () => keeper.guide;
  const origins = options.origins ?? [];
  const parts = { origins, engines, book, landing, quarantine, clock, live, stream, guide };
  const app = await buildServer({ ...parts, onInternal: onFailure });
  const close = async (): Promise<void> => {
    await app.close();
    await Promise.all([landing.close(), quarantine.close()]);
    await loop.stop();
    await keeper.stop();
  };
  try {
    const address = await app.listen({ host, port });
    const hasAdmin = await new KeyRing(ledger, clock).hasAdmin();
    const token = hasAdmin ? null : await createSetupToken(ledger, new Date(clock()));
    loop.start();
    return { address, setup: token === null ? null : `${address}/setup?token=${token}`, book, loop, app, close };
  } catch (error) {
    await close();
    throw error;
  }
}
