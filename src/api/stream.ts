import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Queryable } from '../ledger/ledger.ts';
import { lastMoveId, type MoveRow, movesAfter } from '../pipeline/moves.ts';
import type { MoveBody } from './contract.ts';

/** What the stream works with. */
export interface StreamOptions {
  readonly ledger: Queryable;
  /** Waits, and wakes up early when the signal is raised. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly onFailure?: (error: unknown) => void;
  readonly pollMillis?: number;
  readonly heartbeatMillis?: number;
  /** Bytes that may wait for a slow reader before it is dropped. */
  readonly mostWaiting?: number;
  readonly mostReaders?: number;
}

const POLL_MILLIS = 1_000;
const HEARTBEAT_MILLIS = 15_000;
const RETRY_MILLIS = 1_000;
const MOST_WAITING = 1 << 20;
const MOST_READERS = 1_000;
const PAGE = 500;

interface Reader {
  readonly response: ServerResponse;
  sentThrough: number;
}

/**
 * Moves as they are recorded, to any number of readers: one poller asks the ledger for all of them, and only while somebody
 * listens.
 *
 * A reader who comes back catches up from the ledger, page by page, at its own speed. One who reads too slowly is dropped,
 * so that memory stays bounded; it loses nothing, since it resumes where it was.
 */
export class MoveStream {
  readonly #side: Required<Omit<StreamOptions, 'onFailure'>> & Pick<StreamOptions, 'onFailure'>;
  /** Readers that have caught up; those that still do are open and not among them. */
  readonly #readers = new Set<Reader>();
  readonly #open = new Set<ServerResponse>();
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #cursor = 0;
  #polling: Promise<void> | null = null;

  constructor(side: StreamOptions) {
    const defaults = {
      pollMillis: POLL_MILLIS,
      heartbeatMillis: HEARTBEAT_MILLIS,
      mostWaiting: MOST_WAITING,
      mostReaders: MOST_READERS,
    };
    this.#side = { ...defaults, ...side };
  }

  /** Open streams. */
  get readers(): number {
    return this.#open.size;
  }

  /** Whether the ledger is being asked: only while somebody listens. */
  get isPolling(): boolean {
    return this.#polling !== null;
  }

  /** Whether there is room for one more. */
  get hasRoom(): boolean {
    return !this.#stop.signal.aborted && this.readers < this.#side.mostReaders;
  }

  /** Says that moves have been recorded. */
  nudge(): void {
    this.#wake.abort();
  }

  /** Ends every response; readers resume with the next process. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake.abort();
    for (const response of this.#open) {
      if (response.writableLength === 0) response.end();
      else response.destroy();
    }
    await this.#polling;
  }

  /** Sends moves after one of them until the reader leaves; `after` null: from now on. Resolves when it has caught up. */
  async join(response: ServerResponse, after: number | null): Promise<void> {
    const reader: Reader = { response, sentThrough: 0 };
    this.#open.add(response);
    response.once('close', () => {
      this.#open.delete(response);
      this.#readers.delete(reader);
      if (this.#readers.size === 0) this.nudge();
    });
    try {
      const last = await lastMoveId(this.#side.ledger);
      reader.sentThrough = Math.min(after ?? last, last);
      response.write(`retry: ${RETRY_MILLIS}\n: from ${reader.sentThrough}\n\n`);
      await this.#catchUp(reader);
    } catch (error) {
      this.#side.onFailure?.(error);
      response.end();
    }
  }

  async #catchUp(reader: Reader): Promise<void> {
    const { response } = reader;
    for (;;) {
      const page = await movesAfter(this.#side.ledger, reader.sentThrough, PAGE);
      if (this.#stop.signal.aborted || response.destroyed) {
        response.end();
        return;
      }
      if (!send(reader, page)) await drained(response);
      if (response.destroyed) return;
      if (page.length === PAGE) continue;
      if (this.#readers.size > 0 && reader.sentThrough < this.#cursor) continue;
      if (this.#readers.size === 0) this.#cursor = reader.sentThrough;
      this.#readers.add(reader);
      this.#polling ??= this.#poll();
      return;
    }
  }

  async #poll(): Promise<void> {
    const { pause, ledger, pollMillis, heartbeatMillis, onFailure } = this.#side;
    let quietMillis = 0;
    while (this.#readers.size > 0 && !this.#stop.signal.aborted) {
      this.#wake = new AbortController();
      try {
        const moves = await movesAfter(ledger, this.#cursor, PAGE);
        this.#cursor = moves.at(-1)?.move_id ?? this.#cursor;
        quietMillis = moves.length > 0 ? 0 : quietMillis;
        this.#tell((reader) => send(reader, moves));
        if (moves.length === PAGE) continue;
      } catch (error) {
        onFailure?.(error);
      }
      if (quietMillis >= heartbeatMillis) {
        quietMillis = 0;
        this.#tell(({ response }) => response.write(': still here\n\n'));
      }
      await pause(pollMillis, this.#wake.signal);
      quietMillis += pollMillis;
    }
    this.#polling = null;
  }

  /** Writes to every reader that has read most of what was written before; the others are dropped. */
  #tell(write: (reader: Reader) => boolean): void {
    for (const reader of this.#readers) {
      if (reader.response.writableLength <= this.#side.mostWaiting) {
        write(reader);
        continue;
      }
      this.#readers.delete(reader);
      reader.response.destroy();
    }
  }
}

/** Resolves when what was written has been read, or the reader is gone. */
async function drained(response: ServerResponse): Promise<void> {
  const either = new AbortController();
  const { signal } = either;
  const waits = [once(response, 'drain', { signal }), once(response, 'close', { signal })];
  await Promise.race(waits);
  either.abort();
  await Promise.allSettled(waits);
}

/** Writes moves that the reader has not had; false: it should be let read first. */
function send(reader: Reader, moves: readonly MoveRow[]): boolean {
  const news = moves.filter(({ move_id }) => move_id > reader.sentThrough);
  const last = news.at(-1);
  if (last === undefined) return true;
  reader.sentThrough = last.move_id;
  return reader.response.write(news.map(eventOf).join(''));
}

function eventOf(move: MoveRow): string {
  const body: MoveBody = {
    moveId: move.move_id,
    accountId: move.account_id,
    at: move.at,
    from: move.from,
    to: move.to,
    home: move.home,
    cause: move.cause,
    recordedAt: move.recorded_at,
    modelVersion: move.model_version,
  };
  return `id: ${move.move_id}\nevent: move\ndata: ${JSON.stringify(body)}\n\n`;
}
