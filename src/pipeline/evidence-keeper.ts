import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Failure } from '../model/failure.ts';
import type { ServedEngines } from './engines.ts';
import {
  claimAnswer,
  keepAnswer,
  keepFailure,
  letGo,
  readAnswer,
  renewClaim,
  type StoredAnswer,
} from './evidence-store.ts';
import { type EvidenceTask, evidenceResultSchema } from './evidence-task.ts';

/** What the keeper works with. */
export interface EvidenceKeeperOptions {
  readonly engines: ServedEngines;
  readonly clock: () => number;
  readonly onFailure: (error: unknown) => void;
}

/** An answer as it stands: there (and perhaps being computed anew), on its way, or failed a moment ago. */
export type EvidenceStanding =
  | { readonly kind: 'there'; readonly answer: StoredAnswer & { readonly answer: string }; readonly isStale: boolean }
  | { readonly kind: 'coming'; readonly askedAt: string }
  | { readonly kind: 'failed'; readonly message: string };

/** An answer older than this is computed anew when it is asked for. */
const FRESH_MILLIS = 86_400_000;
const FAILED_MILLIS = 60_000;
const MOST_WAITING = 20;
const RENEW_MILLIS = 20_000;
const RETRY_MILLIS = 1_000;
const PROCESS = fileURLToPath(new URL('./evidence-process.mjs', import.meta.url));

/** What pages show of evidence to whoever opens them, so that nobody has to ask first. */
const AHEAD = ['ground', 'segments', 'milestones'];

interface Wanted {
  readonly question: string;
  readonly asOf: number | null;
}

const keyOf = ({ question, asOf }: Wanted): string => `${question} ${asOf}`;

/**
 * Answers about the evidence, kept in the ledger. The first to ask, and whoever finds it a day old, has it computed: in a
 * process of its own, one answer at a time however many processes serve, and no answer twice at once.
 */
export class EvidenceKeeper {
  readonly #options: EvidenceKeeperOptions;
  readonly #waiting = new Map<string, Wanted>();
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;

  constructor(options: EvidenceKeeperOptions) {
    this.#options = options;
  }

  /** How the answer stands; begins to compute it where there is none, or an old one. Refuses `too-many`. */
  async ask(wanted: Wanted): Promise<EvidenceStanding> {
    const { engines, clock } = this.#options;
    const stored = await readAnswer(engines, wanted);
    const now = clock();
    const age = stored?.computedAt == null ? null : now - Date.parse(stored.computedAt);
    if (stored?.state === 'failed' && age !== null && age < FAILED_MILLIS)
      return { kind: 'failed', message: stored.failure ?? 'It failed.' };
    const isStale = stored?.state !== 'done' || age === null || age > FRESH_MILLIS;
    if (isStale) this.#want(wanted);
    if (stored?.answer != null) return { kind: 'there', answer: { ...stored, answer: stored.answer }, isStale };
    return { kind: 'coming', askedAt: stored?.askedAt ?? new Date(now).toISOString() };
  }

  /** Begins to compute what is shown without being asked for, where there is none or it is a day old. */
  lookAhead(): void {
    const looks = AHEAD.map((question) => this.ask({ question, asOf: null }));
    void Promise.all(looks).catch(this.#options.onFailure);
  }

  /** Ends what is under way; it is computed when it is asked for again. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#waiting.clear();
    await this.#running;
  }

  #want(wanted: Wanted): void {
    const key = keyOf(wanted);
    if (this.#waiting.has(key) || this.#stop.signal.aborted) return;
    if (this.#waiting.size >= MOST_WAITING) {
      throw new Failure(
        'too-many',
        'As many answers about the evidence are on their way as wait here. Ask again later.',
      );
    }
    this.#waiting.set(key, wanted);
    this.#running ??= this.#work().finally(() => {
      this.#running = null;
    });
  }

  async #work(): Promise<void> {
    for (;;) {
      const [next] = this.#waiting.values();
      if (next === undefined || this.#stop.signal.aborted) return;
      try {
        await this.#compute(next);
      } catch (error) {
        if (!this.#stop.signal.aborted) this.#options.onFailure(error);
      }
      this.#waiting.delete(keyOf(next));
    }
  }

  async #compute(wanted: Wanted): Promise<void> {
    const { engines, clock } = this.#options;
    while (!(await claimAnswer(engines, wanted, new Date(clock())))) {
      if (this.#stop.signal.aborted) return;
      const stored = await readAnswer(engines, wanted);
      if (stored?.state === 'done' && clock() - Date.parse(stored.computedAt ?? '') < FRESH_MILLIS) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
    }
    const renewing = setInterval(() => void renewClaim(engines, wanted).catch(this.#options.onFailure), RENEW_MILLIS);
    try {
      const result = evidenceResultSchema.parse(JSON.parse(await this.#inProcess(wanted)));
      if ('failure' in result) await keepFailure(engines, wanted, result.failure.message, new Date(clock()));
      else await keepAnswer(engines, wanted, result, new Date(clock()));
    } catch (error) {
      if (this.#stop.signal.aborted) await letGo(engines, wanted);
      else
        await keepFailure(
          engines,
          wanted,
          'It could not be computed; the log of the server says why.',
          new Date(clock()),
        );
      throw error;
    } finally {
      clearInterval(renewing);
    }
  }

  async #inProcess({ question, asOf }: Wanted): Promise<string> {
    const { engines, clock } = this.#options;
    const child = spawn(process.execPath, [PROCESS], { stdio: ['pipe', 'pipe', 'pipe'], signal: this.#stop.signal });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(taskOf(engines, { question, asOf, now: clock() })));
    const [said, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    if (code === 0) return said;
    throw new Error(`the process that computes evidence ended with ${code}: ${complaint.slice(-2_000)}`);
  }
}

function taskOf(
  { model, modelText, warehouse, ledger, run }: ServedEngines,
  asked: Pick<EvidenceTask, 'question' | 'asOf' | 'now'>,
): EvidenceTask {
  const { url, username, password } = warehouse.engine.address();
  const [scheme = 'http', host = ''] = url.split('://');
  const account = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
  const { cluster } = warehouse;
  return {
    ...asked,
    run: `${run}_evidence`,
    file: model.file,
    modelText,
    warehouse: {
      url: `${scheme}://${account}@${host}`,
      database: warehouse.database,
      ...(cluster === null || cluster.isRehearsal ? {} : { cluster: cluster.name }),
    },
    ledgerUrl: ledger.server.url(),
  };
}
