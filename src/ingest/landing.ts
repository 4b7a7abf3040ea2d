import { Failure } from '../model/failure.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** Where a row stands: the minute and the write that it belongs to, and its place in it. */
export interface LandingPlace {
  /** Seconds. */
  readonly slot: number;
  readonly batch: string;
  readonly position: number;
}

/** What a landing works with. */
export interface LandingOptions<Row> {
  readonly warehouse: Pick<Warehouse, 'insertRows'>;
  /** Table that the rows are written to, and how a row becomes one of it. */
  readonly table: string;
  readonly write: (row: Row, receivedAt: number, place: LandingPlace) => object;
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
  /** How far two writes begin apart while few rows wait: each costs the warehouse the same, however small it is. */
  readonly spacingMillis: number;
  readonly attempts: number;
}

const LIMITS: LandingLimits = {
  rows: 100_000,
  bytes: 64_000_000,
  batchRows: 20_000,
  lingerMillis: 10,
  spacingMillis: 100,
  attempts: 6,
};

const PAUSE_MILLIS = 250;
/** A write ends before its minute could be cleared away. */
const WRITE_SECONDS = 20;

interface Waiting<Row> {
  readonly rows: readonly Row[];
  readonly receivedAt: number;
  readonly bytes: number;
  readonly settle: (error: unknown) => void;
}

/**
 * Where what arrives lands: rows of all requests that wait are written together, and each request is told when its rows are on disk.
 *
 * Why together: a write costs a flush to disk whatever its size, and the table a part. One write is under way at a time;
 * while it is, the next one gathers. What cannot wait without bound is refused with `busy`. A write whose outcome is not
 * known is sent again under the same name, which counts once. Refuses with `busy`, `landing-closed` and the failures of
 * the warehouse.
 */
export class Landing<Row> {
  readonly #options: LandingOptions<Row>;
  readonly #limits: LandingLimits;
  readonly #queue: Waiting<Row>[] = [];
  #heldRows = 0;
  #heldBytes = 0;
  #batches = 0;
  #wroteAt = 0;
  #running: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: LandingOptions<Row>) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
  }

  /** Rows that wait or are being written. */
  get waiting(): number {
    return this.#heldRows;
  }

  /** Resolves when the rows are on disk. `bytes` is what they weighed on arrival. */
  async land(rows: readonly Row[], receivedAt: number, bytes: number): Promise<void> {
    if (rows.length === 0) return;
    if (this.#isClosed) throw new Failure('landing-closed', 'The server is stopping.', { isRetryable: true });
    const most = this.#limits;
    const isFull = this.#heldRows + rows.length > most.rows || this.#heldBytes + bytes > most.bytes;
    if (isFull && this.#heldRows > 0) {
      throw new Failure('busy', 'More arrives than can be written at once. Send it again a little later.', {
        isRetryable: true,
      });
    }
    this.#heldRows += rows.length;
    this.#heldBytes += bytes;
    const landed = new Promise<void>((resolve, reject) => {
      const settle = (error: unknown): void => (error === null ? resolve() : reject(error));
      this.#queue.push({ rows, receivedAt, bytes, settle });
    });
    this.#running ??= this.#run();
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
      await this.#space();
      await this.#land(this.#take());
    }
    // In the same step as the last look at the queue: who comes after it begins anew.
    this.#running = null;
  }

  /** Waits until a write may begin: at once where rows enough for one wait, or where the last was a while ago. */
  async #space(): Promise<void> {
    const { clock, pause } = this.#options;
    const { spacingMillis, batchRows } = this.#limits;
    const since = clock() - this.#wroteAt;
    const isFull = this.#heldRows >= batchRows || this.#isClosed;
    if (!isFull && since >= 0 && since < spacingMillis) await pause(spacingMillis - since);
    this.#wroteAt = clock();
  }

  /** Writes requests together; where the table refuses a row of one, the others are written without it. */
  async #land(taken: readonly Waiting<Row>[]): Promise<void> {
    const error = await this.#write(taken).then(
      () => null,
      (cause: unknown) => cause,
    );
    const isRefused = error instanceof Failure && error.code === 'warehouse-query' && !error.isRetryable;
    if (isRefused && taken.length > 1) {
      const middle = Math.ceil(taken.length / 2);
      await this.#land(taken.slice(0, middle));
      await this.#land(taken.slice(middle));
      return;
    }
    for (const waiting of taken) {
      this.#heldRows -= waiting.rows.length;
      this.#heldBytes -= waiting.bytes;
      waiting.settle(error);
    }
  }

  #take(): readonly Waiting<Row>[] {
    let rows = 0;
    const end = this.#queue.findIndex((waiting, index) => {
      rows += waiting.rows.length;
      return index > 0 && rows > this.#limits.batchRows;
    });
    return this.#queue.splice(0, end === -1 ? this.#queue.length : end);
  }

  async #write(taken: readonly Waiting<Row>[]): Promise<void> {
    const { warehouse, process, clock, pause, table, write } = this.#options;
    const startedAt = clock();
    const slot = Math.floor(startedAt / 60_000) * 60;
    this.#batches += 1;
    const batch = `${process}-${startedAt}-${this.#batches}`;
    const rows = taken
      .flatMap((waiting) => waiting.rows.map((row) => ({ row, receivedAt: waiting.receivedAt })))
      .map(({ row, receivedAt }, position) => write(row, receivedAt, { slot, batch, position }));
    for (let attempt = 1; ; attempt += 1) {
      try {
        await warehouse.insertRows(table, rows, { timeLimitSeconds: WRITE_SECONDS });
        return;
      } catch (error) {
        const isOver = attempt >= this.#limits.attempts || !(error instanceof Failure) || !error.isRetryable;
        if (isOver || error.code === 'warehouse-disk') throw error;
        await pause(PAUSE_MILLIS * attempt);
      }
    }
  }
}
