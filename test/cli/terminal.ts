import { Writable } from 'node:stream';
import { runCommandLine, type Stream } from '../../src/cli/run.ts';

/** What a command line gave. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, at noon of a fixed day, off a terminal. */
export async function cli(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const stdout = sink();
  const stderr = sink();
  const status = await runCommandLine({
    words,
    environment: { BELLWETHER_MEMORY: '2GB', ...environment },
    folder: '/',
    stdout: stdout.stream,
    stderr: stderr.stream,
    clock: () => new Date('2026-11-22T12:00:00Z'),
    pid: process.pid,
    user: 'tester',
    onInterrupt: () => () => undefined,
    exit: (status) => {
      throw new Error(`it ended at once with ${status}`);
    },
  });
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

/** The JSON that a command line printed; fails with its errors where it could not run. */
export async function json(words: readonly string[]): Promise<unknown> {
  const { status, stdout, stderr } = await cli([...words, '--json']);
  if (status === 2) throw new Error(stderr);
  return JSON.parse(stdout);
}

function sink(): { stream: Stream; text: () => string } {
  const parts: string[] = [];
  const stream = new Writable({
    write: (chunk, _, done) => {
      parts.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => parts.join('') };
}
