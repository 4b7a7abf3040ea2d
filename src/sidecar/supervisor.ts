import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../model/failure.ts';

const POLL_MILLIS = 40;
const FIRST_ATTEMPTS = 6;
const REVIVAL_ATTEMPTS = 8;
const BACKOFF_MILLIS = 200;
const BACKOFF_MAX_MILLIS = 10_000;

/** One start of an engine: its process, and a question that is true once it serves us. */
export interface Launch {
  readonly child: ChildProcess;
  readonly isReady: () => Promise<boolean>;
}

/** How to run one engine. */
export interface Sidecar {
  /** What it is called in messages. */
  readonly name: string;
  readonly launch: () => Promise<Launch>;
  /** Why a start ended without serving, from its log. A failure that is not retryable ends the attempts. */
  readonly explain: () => Failure;
  /** Asks the process to end by itself. */
  readonly quit: (child: ChildProcess) => void;
  readonly readyMillis: number;
  readonly quitMillis: number;
}

/**
 * Keeps one engine process alive: starts it, waits until it serves, starts it again when it dies, ends it cleanly.
 *
 * After a death the attempts back off exponentially; when they are used up `ready` rejects with the last reason.
 */
export class Supervisor {
  readonly #sidecar: Sidecar;
  #readiness: Promise<void> = Promise.resolve();
  #child: ChildProcess | null = null;
  #isStopping = false;
  #restarts = 0;

  constructor(sidecar: Sidecar) {
    this.#sidecar = sidecar;
  }

  /** Resolves when the engine serves: at once normally, after the restart when it has just died. */
  ready(): Promise<void> {
    return this.#readiness;
  }

  /** Times that the engine died and was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Process identifier of the engine, null when none runs. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Starts the engine and resolves when it serves. */
  async start(): Promise<void> {
    this.#begin(FIRST_ATTEMPTS);
    await this.#readiness;
  }

  /** Ends the engine: asks first, and kills it when it does not end in time. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (child === null || hasExited(child)) return;
    const exited = exitOf(child);
    this.#sidecar.quit(child);
    const timer = setTimeout(() => child.kill('SIGKILL'), this.#sidecar.quitMillis);
    await exited;
    clearTimeout(timer);
    this.#child = null;
  }

  #begin(attempts: number): void {
    this.#readiness = this.#raise(attempts);
    // Whoever waits for `ready` sees the rejection; with nobody waiting it must not end the process.
    this.#readiness.catch(() => undefined);
  }

  async #raise(attempts: number): Promise<void> {
    let last: Failure | null = null;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (attempt > 0) await sleep(Math.min(BACKOFF_MILLIS * 2 ** (attempt - 1), BACKOFF_MAX_MILLIS));
      if (this.#isStopping) throw new Failure(`${this.#sidecar.name}-closed`, `The ${this.#sidecar.name} was closed.`);
      last = await this.#attempt();
      if (last === null) return;
      if (!last.isRetryable) break;
    }
    throw last ?? new Error('no attempt was made');
  }

  async #attempt(): Promise<Failure | null> {
    const { child, isReady } = await this.#sidecar.launch();
    this.#child = child;
    const failed = new Promise<Error>((resolve) => child.once('error', resolve));
    const exited = exitOf(child);
    const ended = Promise.race([failed, exited]).then(() => 'ended' as const);
    for (let waited = 0; waited < this.#sidecar.readyMillis; waited += POLL_MILLIS) {
      const answer = await Promise.race([isReady(), ended]);
      if (answer === 'ended') return this.#sidecar.explain();
      if (answer) {
        this.#watch(child);
        return null;
      }
      await Promise.race([sleep(POLL_MILLIS), ended]);
    }
    child.kill('SIGKILL');
    await exited;
    return new Failure(
      `${this.#sidecar.name}-slow-start`,
      `The ${this.#sidecar.name} did not answer within ${this.#sidecar.readyMillis / 1000} s of its start. Look at its log, and at free memory and disk with \`bellwether doctor\`.`,
      { cause: this.#sidecar.explain(), isRetryable: true },
    );
  }

  #watch(child: ChildProcess): void {
    const revive = (): void => {
      if (this.#isStopping || this.#child !== child) return;
      this.#restarts += 1;
      this.#begin(REVIVAL_ATTEMPTS);
    };
    if (hasExited(child)) revive();
    else child.once('exit', revive);
  }
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function exitOf(child: ChildProcess): Promise<void> {
  if (hasExited(child)) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
