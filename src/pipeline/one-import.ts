import type { Ledger } from '../ledger/ledger.ts';
import { Failure } from '../model/failure.ts';

/** Any fixed number but that of the schema: who holds this advisory lock stages files, or removes a person from the facts. */
const LOCK = 7_308_117_402;
const LOOK_MILLIS = 250;

/** How long to wait for another that is under way. */
export interface Patience {
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Most milliseconds; absent: as long as it takes. */
  readonly mostMillis?: number;
  /** Told once where there is somebody to wait for. */
  readonly onWait?: () => void;
}

/**
 * Does something while no other process of this workspace imports or erases, and nobody else of this one.
 *
 * Two imports at once would drop each other's staged tables, and take the same row twice: what one has staged is no fact that
 * the other could know. A lock of the ledger's session, so that a process that dies gives it up by dying.
 *
 * Refuses `import-runs` where another takes longer than one waits.
 */
export async function whileNobodyImports<T>(ledger: Ledger, patience: Patience, work: () => Promise<T>): Promise<T> {
  const { pause, mostMillis = Number.POSITIVE_INFINITY, onWait } = patience;
  const client = await ledger.connect();
  // A connection that breaks says so here, and to nobody else; the work is not undone by it.
  let broken: Error | undefined;
  const note = (error: Error): void => {
    broken = error;
  };
  client.on('error', note);
  try {
    for (let waited = 0; !(await isTaken(client)); waited += LOOK_MILLIS) {
      if (waited === 0) onWait?.();
      if (waited >= mostMillis) {
        throw new Failure('import-runs', 'Another import or an erasure is under way. Try again when it has ended.', {
          isRetryable: true,
        });
      }
      await pause(LOOK_MILLIS);
    }
    return await work();
  } finally {
    await client.query('SELECT pg_advisory_unlock_all()').catch(note);
    client.off('error', note);
    client.release(broken);
  }
}

async function isTaken(client: Awaited<ReturnType<Ledger['connect']>>): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${LOCK}) AS taken`);
  return rows[0]?.taken === true;
}

/** For what can wait until nobody imports: answers null to that refusal, and throws every other error again. */
export function noneWhileImported(error: unknown): null {
  if (error instanceof Failure && error.code === 'import-runs') return null;
  throw error;
}
