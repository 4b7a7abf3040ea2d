import { Failure } from '../model/failure.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Arrival } from './arrival.ts';

/** What a landing works with. */
export interface LandingOptions {
  readonly warehouse: Pick<Warehouse, 'insertRows'>;
  /** Name of this process among all; batches are named after it. */
  readonly process: string;
  readonly clock: () => number;
  /** Waits that many milliseconds; comes in so that tests need not. */
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly limits?: Partial<LandingLimits>;
}

/** How much waits at most, and how long a write is tried again. */
export interface LandingLimits {
  /** Rows that wait or are being written; more are refused. */
  readonly rows: number;
  readonly bytes: number;
  /** Rows of one write. */
  readonly batchRows: number;
  /** How long the first row waits for others. */
  readonly lingerMillis: number;
  readonly attempts: number;
}

const LIMITS: LandingLimits = {
  rows: 100_000,
  bytes: 64_000_000,
  batchRows: 20_000,
  lingerMillis: 10,
  attempts: 6,
};

const PAUSE_MILLIS = 250;
/** A write ends before its minute could be cleared away. */
const WRITE_SECONDS = 20;

interface Waiting {
  readonly arrivals: readonly Arrival[];
  readonly receivedAt: number;
  readonly bytes: number;
  readonly settle: (error: unknown) => void;
}

/**
 * Where calls land: rows of all requests that wait are written together, and each request is told when its rows are on disk.
 *
 * Why together: a write costs a flush to disk whatever its size, and the table a part. One write is under way at a time;
 * while it is, the next one gathers. What cannot wait without bound is refused with `busy`. A write whose outcome is not
 * known is sent again under the same name, which counts once. Refuses with `busy`, `landing-closed` and the failures of
 * the warehouse.
 */
export class Landing {
  readonly #options: LandingOptions;
  readonly #limits: LandingLimits;
  readonly #queue: Waiting[] = [];
  #heldRows = 0;
  #heldBytes = 0;
  #batches = 0;
  #running: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: LandingOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
  }

  /** Rows that wait or are being written. */
  get waiting(): number {
    return this.#heldRows;
  }

  /** Resolves when the rows are on disk. `bytes` is what they weighed on arrival. */
  async land(arrivals: readonly Arrival[], receivedAt: number, bytes: number): Promise<void> {
    if (arrivals.length === 0) return;
    if (this.#isClosed) throw new Failure('landing-closed', 'The server is stopping.', { isRetryable: true });
    const { rows, bytes: most } = this.#limits;
    const isFull = this.#heldRows + arrivals.length > rows || this.#heldBytes + bytes > most;
    if (isFull && this.#heldRows > 0) {
      throw new Failure('busy', 'More arrives than can be written at once. Send it again a little later.', {
        isRetryable: true,
      });
    }
    this.#heldRows += arrivals.length;
    this.#heldBytes += bytes;
    const landed = new Promise<void>((resolve, reject) => {
      const settle = (error: unknown): void => (error === null ? resolve() : reject(error));
      this.#queue.push({ arrivals, receivedAt, bytes, settle });
    });
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return landed;
  }

  /** Writes what waits, and takes nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    await this.#options.pause(this.#limits.lingerMillis);
    while (this.#queue.length > 0) {
      const taken = this.#take();
      const error = await this.#write(taken).then(
        () => null,
        (cause: unknown) => cause,
      );
      for (const waiting of taken) {
        this.#heldRows -= waiting.arrivals.length;
        this.#heldBytes -= waiting.bytes;
        waiting.settle(error);
      }
    }
  }

  #take(): readonly Waiting[] {
    let rows = 0;
    const end = this.#queue.findIndex((waiting, index) => {
      rows += waiting.arrivals.length;
      return index > 0 && rows > this.#limits.batchRows;
    });
    return this.#queue.splice(0, end === -1 ? this.#queue.length : end);
  }

  async #write(taken: readonly Waiting[]): Promise<void> {
    const { warehouse, process, clock, pause } = this.#options;
    const startedAt = clock();
    const slot = Math.floor(startedAt / 60_000) * 60;
    this.#batches += 1;
    const batch = `${process}-${startedAt}-${this.#batches}`;
    const rows = taken
      .flatMap(({ arrivals, receivedAt }) => arrivals.map((arrival) => ({ arrival, receivedAt })))
      .map(({ arrival, receivedAt }, position) => rowOf(arrival, receivedAt, { slot, batch, position }));
    for (let attempt = 1; ; attempt += 1) {
      try {
        await warehouse.insertRows('arrivals', rows, { timeLimitSeconds: WRITE_SECONDS });
        return;
      } catch (error) {
        const isOver = attempt >= this.#limits.attempts || !(error instanceof Failure) || !error.isRetryable;
        if (isOver || error.code === 'warehouse-disk') throw error;
        await pause(PAUSE_MILLIS * attempt);
      }
    }
  }
}

function rowOf(
  arrival: Arrival,
  receivedAt: number,
  place: { readonly slot: number; readonly batch: string; readonly position: number },
): object {
  const time = new Date(arrival.time).toISOString();
  return { ...arrival, time, ...place, received_at: new Date(receivedAt).toISOString() };
}
