import { Command as Commander } from 'commander';
import type { Command, Options, Part } from './command.ts';

/** What every command takes. */
export const SHARED_OPTIONS: readonly Part[] = [
  {
    syntax: '--workspace <DIR>',
    meaning: 'folder of the workspace (default: BELLWETHER_WORKSPACE, or the current folder)',
  },
  { syntax: '--json', meaning: 'print JSON for machines, and nothing else, on stdout' },
];

/** What the exit codes mean, at the end of every help. */
export const EXIT_CODES = 'Exit code: 0 fine, 1 a problem was found, 2 could not run.';

/** Where commander writes to. */
export interface Writers {
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
}

/** Called when a command line was understood. */
export type Dispatch = (command: Command, words: readonly string[], options: Options) => Promise<void>;

/** The program for commander, one subcommand for each command of the list. */
export function buildProgram(
  commands: readonly Command[],
  version: string,
  writers: Writers,
  dispatch: Dispatch,
): Commander {
  const program = new Commander('bellwether')
    .description('Self-hosted customer segmentation: which account is in which segment, why, and what to do about it.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: writers.writeOut, writeErr: writers.writeErr })
    .showHelpAfterError('Add --help for what it takes.')
    .addHelpText('after', `\n${EXIT_CODES}\nBegin with \`bellwether init my-workspace\`.`);
  const built = new Map<string, Commander>();
  for (const command of commands) {
    const [first = '', second] = command.name.split(' ');
    const parent = second === undefined ? program : built.get(first);
    if (parent === undefined) throw new Error(`${command.name} is listed before ${first}`);
    const made = addCommand(parent, second ?? first, command, dispatch);
    built.set(command.name, made);
  }
  return program;
}

function addCommand(parent: Commander, word: string, command: Command, dispatch: Dispatch): Commander {
  const made = parent.command(word).summary(command.summary).description(`${command.summary}.`);
  for (const { syntax, meaning } of command.arguments ?? []) made.argument(syntax, meaning);
  for (const { syntax, meaning } of [...(command.options ?? []), ...SHARED_OPTIONS]) made.option(syntax, meaning);
  made.addHelpText('after', () => `\n${writeExamples(command)}\n\n--json prints ${command.json}\n${EXIT_CODES}`);
  made.action(async () => {
    await dispatch(command, made.processedArgs.filter(isText), made.optsWithGlobals());
  });
  return made;
}

/** The examples of a command, as its help shows them. */
export function writeExamples(command: Command): string {
  const width = Math.max(...command.examples.map(({ syntax }) => syntax.length));
  return ['Examples:', ...command.examples.map(({ syntax, meaning }) => `  ${syntax.padEnd(width)}  ${meaning}`)].join(
    '\n',
  );
}

function isText(word: unknown): word is string {
  return typeof word === 'string';
}
