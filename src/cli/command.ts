import type { EngineConfiguration } from '../pipeline/workspace.ts';
import type { PeopleSettings } from './people-configuration.ts';
import type { Progress } from './progress.ts';
import type { Settings } from './settings.ts';

/** A word or an option of a command line, and what it means. */
export interface Part {
  /** As commander writes it: `[DIR]`, `<ID>`, `--as-of <DAY>`, `--dry-run`. */
  readonly syntax: string;
  readonly meaning: string;
}

/** What a command may use. */
export interface Context {
  readonly engines: EngineConfiguration;
  /** What is configured about people. */
  readonly people: PeopleSettings;
  readonly settings: Settings;
  /** Whole path of the workspace: `--workspace`, else the environment's, else the current folder. */
  readonly directory: string;
  /** Whole path of a folder named on the command line. */
  readonly pathOf: (path: string) => string;
  readonly environment: (name: string) => string | undefined;
  /** The moment at which the command began. */
  readonly now: Date;
  readonly clock: () => Date;
  /** Who is at the machine, as its system calls them. */
  readonly user: string;
  /** Prints at once, for commands that go on: text for people, a line of JSON with the moment for machines. */
  readonly say: (event: string, json: object, text: string) => void;
  /** Where lines of a log go: stderr. */
  readonly log: (line: string) => void;
  /** A name that no other process uses at the same time. */
  readonly run: string;
  /** Where long work tells how far it is; on stderr. */
  readonly progress: Progress;
  /** Something to close after the answer was printed; the last one opened is closed first. */
  readonly onClose: (close: () => Promise<void>) => void;
}

/** What a command found: the same for machines and for people. */
export interface Answer {
  /** `0` fine, `1` a problem was found. What could not run at all is a `Failure`. */
  readonly status: 0 | 1;
  /** Printed with `--json`; rows that come one by one are printed as an array. */
  readonly json: unknown;
  /** Printed without it. */
  readonly text: (paper: Paper) => string | Promise<string>;
}

/** What text is printed on. */
export interface Paper {
  readonly isTerminal: boolean;
  readonly columns: number;
}

/** The options of a command line, by their long names in camel case. */
export type Options = Readonly<Record<string, unknown>>;

/** A command, in a file of its own under `commands/`. */
export interface Command {
  /** One word, or two where it belongs to a command: `signals list`. */
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly Part[];
  readonly options?: readonly Part[];
  readonly examples: readonly Part[];
  /** Whether it runs until it is stopped; being stopped is then how it ends well. */
  readonly isService?: boolean;
  /** The shape that `--json` prints, as in docs/reference/cli.md. */
  readonly json: string;
  readonly run: (context: Context, words: readonly string[], options: Options) => Promise<Answer>;
}
