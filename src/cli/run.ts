import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommanderError } from 'commander';
import { Failure } from '../model/failure.ts';
import { ModelRefused } from '../pipeline/refused.ts';
import type { Answer, Command, Context, Options, Paper } from './command.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { writeDiagnostics } from './diagnostics.ts';
import { COMMANDS } from './list.ts';
import { buildProgram } from './program.ts';
import { progressOn } from './progress.ts';
import { version } from './version.ts';

/** A stream that text goes to. */
export type Stream = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
};

/** All that a command line takes from the process that runs it. */
export interface Terminal {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly clock: () => Date;
  readonly pid: number;
  /** Who is at the machine, as its system calls them. */
  readonly user: string;
  /** Called with what ends the work early; returns how to forget it. */
  readonly onInterrupt: (end: () => void) => () => void;
  /** Ends the process at once. */
  readonly exit: (status: number) => void;
}

const COULD_NOT_RUN = 2;
const INTERRUPTED = 130;
const WIDE = 120;
const GRACE_SECONDS = 60;

/** Runs one command line and resolves to its exit code: 0 fine, 1 a problem was found, 2 could not run. */
export async function runCommandLine(terminal: Terminal): Promise<number> {
  let status = 0;
  const writers = {
    writeOut: (text: string) => void terminal.stdout.write(text),
    writeErr: (text: string) => void terminal.stderr.write(text),
  };
  try {
    const program = buildProgram(COMMANDS, version(), writers, async (command, words, options) => {
      const named = typeof options['workspace'] === 'string' ? options['workspace'] : null;
      const configuration = readConfiguration(terminal.environment, terminal.folder, named);
      status = await runCommand(terminal, configuration, command, words, options);
    });
    await program.parseAsync([...terminal.words], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : COULD_NOT_RUN;
    terminal.stderr.write(`${writeError(error)}\n`);
    return COULD_NOT_RUN;
  }
}

async function runCommand(
  terminal: Terminal,
  configuration: Configuration,
  command: Command,
  words: readonly string[],
  options: Options,
): Promise<number> {
  const closers: (() => Promise<void>)[] = [];
  const progress = progressOn(terminal.stderr, () => terminal.clock().getTime());
  const now = terminal.clock();
  const pathOf = (path: string): string => resolve(configuration.currentFolder, path);
  const context: Context = {
    engines: configuration.engines,
    settings: configuration.settings,
    people: configuration.people,
    directory: configuration.workspace,
    pathOf,
    environment: configuration.environment,
    now,
    user: terminal.user,
    clock: terminal.clock,
    say: (event, json, text) => {
      const at = terminal.clock().toISOString();
      terminal.stdout.write(`${options['json'] === true ? JSON.stringify({ at, event, ...json }) : text}\n`);
    },
    log: (line) => void terminal.stderr.write(line),
    run: `cli${terminal.pid}_${now.getTime()}`,
    progress,
    onClose: (close) => closers.unshift(close),
  };
  let interrupt = (): void => undefined;
  const interrupted = new Promise<number>((settle) => {
    interrupt = () => settle(command.isService === true ? 0 : INTERRUPTED);
  });
  const forget = terminal.onInterrupt(interrupt);
  const work = async (): Promise<number> => {
    const answer = await command.run(context, words, options);
    progress.end();
    await print(terminal, answer, options['json'] === true);
    return answer.status;
  };
  try {
    return await Promise.race([work(), interrupted]);
  } finally {
    progress.end();
    await closeWithin(
      terminal,
      closers,
      command.isService === true ? (configuration.settings.BELLWETHER_GRACE_SECONDS ?? GRACE_SECONDS) : null,
    );
    forget();
  }
}

/** Closes what was opened, the last first; a service that takes longer than it may ends there, and says so. */
async function closeWithin(
  terminal: Terminal,
  closers: readonly (() => Promise<void>)[],
  graceSeconds: number | null,
): Promise<void> {
  const closing = (async () => {
    for (const close of closers) await close();
  })();
  if (graceSeconds === null) return closing;
  const isLate = sleep(graceSeconds * 1_000, true, { ref: false });
  if ((await Promise.race([closing.then(() => false), isLate])) === false) return;
  terminal.stderr.write(
    `bellwether: it did not end within ${graceSeconds} seconds and ends now. What was accepted is kept.\n`,
  );
  terminal.exit(1);
}

async function print({ stdout }: Terminal, answer: Answer, isJson: boolean): Promise<void> {
  const paper: Paper = { isTerminal: stdout.isTTY === true, columns: stdout.columns ?? WIDE };
  if (!isJson) return write(stdout, `${await answer.text(paper)}\n`);
  if (!isRows(answer.json)) return write(stdout, `${JSON.stringify(answer.json, null, 2)}\n`);
  let before = '[\n';
  for await (const row of answer.json) {
    await write(stdout, `${before}${JSON.stringify(row)}`);
    before = ',\n';
  }
  await write(stdout, before === '[\n' ? '[]\n' : '\n]\n');
}

function isRows(value: unknown): value is AsyncIterable<unknown> | readonly unknown[] {
  return Array.isArray(value) || (typeof value === 'object' && value !== null && Symbol.asyncIterator in value);
}

/** Waits where the reader is slower than the writer. */
async function write(stream: Stream, text: string): Promise<void> {
  if (stream.write(text)) return;
  await new Promise<void>((settle) => {
    const done = (): void => {
      stream.off('drain', done);
      stream.off('close', done);
      settle();
    };
    stream.once('drain', done);
    stream.once('close', done);
  });
}

function writeError(error: unknown): string {
  if (error instanceof ModelRefused) return `${writeDiagnostics(error.diagnostics)}\nbellwether: ${error.message}`;
  if (error instanceof Failure) return `bellwether: ${error.message}`;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `bellwether: something that should be impossible happened. Please report it with these lines:\n${trace}`;
}
