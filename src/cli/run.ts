import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { Failure } from '../model/failure.ts';
import { ModelRefused } from '../pipeline/workspace.ts';
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
  /** Called with what ends the work early; returns how to forget it. */
  readonly onInterrupt: (end: () => void) => () => void;
}

const COULD_NOT_RUN = 2;
const INTERRUPTED = 130;
const WIDE = 120;

/** Runs one command line and resolves to its exit code: 0 fine, 1 a problem was found, 2 could not run. */
export async function runCommandLine(terminal: Terminal): Promise<number> {
  let status = 0;
  const writers = {
    writeOut: (text: string) => void terminal.stdout.write(text),
    writeErr: (text: string) => void terminal.stderr.write(text),
  };
  try {
    const configuration = readConfiguration(terminal.environment, terminal.folder);
    const program = buildProgram(COMMANDS, version(), writers, async (command, words, options) => {
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
  const workspace = typeof options['workspace'] === 'string' ? options['workspace'] : configuration.workspace;
  const context: Context = {
    engines: configuration.engines,
    directory: pathOf(workspace),
    pathOf,
    environment: configuration.environment,
    now,
    clock: terminal.clock,
    say: (event, json, text) => {
      const at = terminal.clock().toISOString();
      terminal.stdout.write(`${options['json'] === true ? JSON.stringify({ at, event, ...json }) : text}\n`);
    },
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
    for (const close of closers) await close();
    forget();
  }
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
