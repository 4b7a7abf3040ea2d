import { FACT_TABLES } from '../../model/tables.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import type { Command, Part } from '../command.ts';
import { COMMANDS } from '../list.ts';
import { EXIT_CODES, SHARED_OPTIONS, writeExamples } from '../program.ts';
import { keyInFile, SETTINGS, type Setting } from '../settings.ts';
import { modelPage } from './model_page.ts';

/** A page of docs/reference: its file name and its text. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

const WRITTEN = '<!-- Written from the code by `npm run reference`. Change the code, not this page. -->';

/** Every page of docs/reference, as the code has it now. */
export function referencePages(): readonly Page[] {
  return [
    { file: 'cli.md', text: cliPage() },
    { file: 'environment.md', text: environmentPage() },
    { file: 'model.md', text: `${WRITTEN}\n\n${modelPage()}` },
    { file: 'signals.md', text: signalsPage() },
    { file: 'tables.md', text: tablesPage() },
  ];
}

function cliPage(): string {
  const shared = SHARED_OPTIONS.map(partLine);
  return page(
    '# Command line',
    `\`bellwether COMMAND\`; from a checkout \`npm run -s bellwether -- COMMAND\`. ${EXIT_CODES}`,
    'Long work shows its progress on stderr; answers are on stdout. Every command takes:',
    shared.join('\n'),
    'Arrays of JSON are sorted by identifier, by code point. A null is a null, and an instant is ISO text in UTC. ' +
      'An as-of is exclusive: only facts before it count.',
    ...COMMANDS.map(commandSection),
  );
}

function commandSection(command: Command): string {
  const words = (command.arguments ?? []).map(({ syntax }) => ` ${syntax}`).join('');
  const parts = [...(command.arguments ?? []), ...(command.options ?? [])].map(partLine);
  return [
    `## ${command.name}${words}`,
    `${capital(command.summary)}.`,
    ...(parts.length === 0 ? [] : [parts.join('\n')]),
    `\`\`\`\n${writeExamples(command)}\n\`\`\``,
    `\`--json\` prints \`${command.json}\``,
  ].join('\n\n');
}

function partLine({ syntax, meaning }: Part): string {
  return `- \`${syntax}\` ${meaning}`;
}

function environmentPage(): string {
  const rows = Object.entries<Setting>(SETTINGS).map(([name, { meaning, example, isSecret }]) => [
    `\`${name}\`${isSecret === true ? `, \`${name}_FILE\`` : ''}`,
    name === 'BELLWETHER_WORKSPACE' ? '' : `\`${keyInFile(name)}\``,
    meaning,
    `\`${example}\``,
  ]);
  return page(
    '# Environment and settings',
    'None of these is needed. Each may be a variable of the environment, or a line of `bellwether.config.yaml` beside the ' +
      'model; the environment wins. A name that nobody knows is refused with its place. Faults are told all at once, and ' +
      'values are never shown. A variable that ends in `_FILE` names a file that holds the value, for secrets. ' +
      'Paths of sources may name further variables, as `$NAME`.',
    table(['variable', 'in the file', 'meaning', 'example'], rows),
  );
}

function signalsPage(): string {
  const of = (entity: string) =>
    SIGNAL_CATALOGUE.filter((entry) => entry.entity === entity).map((entry) => [
      `\`${entry.name}\``,
      entry.meaning,
      entry.unit,
      entry.type,
      entry.inputs.join(', '),
      entry.nulls.length === 0 ? 'never' : entry.nulls.map((reason) => reason.replace('_', ' ')).join(', '),
      entry.requirement,
    ]);
  const head = ['signal', 'meaning', 'unit', 'type', 'from', 'null where', 'serves'];
  return page(
    '# Signals',
    'Every shipped signal, as conditions name it. Each is measured as of an instant, from facts before it alone, at the ' +
      'earliest of that instant and the completeness of its inputs. Flags are 1 and 0; fractions are 0 to 1.',
    'A null has a reason: `missing` (no source, not covered, or the field is empty: a gap in the data), `not yet` (too ' +
      'young, or the window is still open), `none` (it never happened, or there is nobody to measure).',
    `## Of accounts\n\n${table(head, of('account'))}`,
    `## Of users\n\n${table(head, of('user'))}`,
  );
}

function tablesPage(): string {
  const sections = FACT_TABLES.map(({ name, grain, key, instant, isStream, columns }) => {
    const rows = columns.map((column) => [
      `\`${column.name}\``,
      column.required ? 'yes' : '',
      column.type,
      column.meaning,
    ]);
    const unique = key === '*' ? 'all columns' : key.map((column) => `\`${column}\``).join(', ');
    const when = instant === null ? 'always counts' : `counts from its \`${instant}\` on`;
    const kind = isStream
      ? 'a stream: complete through its last whole day'
      : 'a register: complete unless the model says otherwise';
    return `## ${name}\n\nOne row for each ${grain}. Unique by ${unique}; ${when}; ${kind}.\n\n${table(['column', 'required', 'type', 'meaning'], rows)}`;
  });
  return page(
    '# Fact tables',
    'What files, and later the tracking API, must hold. A source of the model maps its own columns to these; columns that ' +
      'have the same name need no mapping. Money is a decimal in files, instants are UTC unless the source names a zone.',
    ...sections,
  );
}

function page(...parts: readonly string[]): string {
  return `${[WRITTEN, ...parts].join('\n\n')}\n`;
}

/** A table in Markdown. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
