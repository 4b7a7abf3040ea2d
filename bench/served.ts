// `bellwether serve` as a process of its own, for benches that measure it from outside.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { progress } from './measure.ts';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** A server that was started, and has answered for everybody once. */
export interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  /** The token of the set-up link, good once. */
  readonly setup: string;
  /** How long each sweep took that ended since it started, in milliseconds. */
  readonly sweepMillis: () => readonly number[];
  readonly close: () => Promise<void>;
}

/** Runs one command over a workspace to its end; throws what it said where it failed. */
export function bellwether(folder: string, ...words: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', MAIN, ...words, '--workspace', folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`bellwether ${words[0] ?? ''} failed: ${stderr}`);
}

/** Starts the service over a workspace and waits until the first sweep is done; evidence is left for whoever asks. */
export async function startServed(folder: string): Promise<Served> {
  const words = ['--import', 'tsx', MAIN, 'serve', '--port', '0', '--json', '--workspace', folder];
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BELLWETHER_EVIDENCE: 'asked' },
  });
  const said = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  let url = '';
  let setup = '';
  const sweeps: number[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`bellwether serve ended with ${code} before its first sweep`)));
    said.on('line', (line) => {
      const event = JSON.parse(line) as { event: string; address?: string; setup?: string; ms?: number };
      if (event.event === 'started') {
        url = event.address ?? '';
        setup = new URL(event.setup ?? '').hash.slice(1);
      }
      if (event.event === 'failure') progress(line);
      if (event.event === 'sweep') {
        sweeps.push(event.ms ?? Number.NaN);
        progress(`a sweep took ${((event.ms ?? Number.NaN) / 1_000).toFixed(1)} s`);
        resolve();
      }
    });
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.removeAllListeners('exit').once('exit', () => resolve());
      child.kill('SIGTERM');
    });
  return { child, url, setup, sweepMillis: () => sweeps, close };
}
