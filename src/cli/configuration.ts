import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { Failure } from '../model/failure.ts';
import type { EngineConfiguration } from '../pipeline/workspace.ts';
import { didYouMean } from '../rule/nearest.ts';
import { type PeopleSettings, readPeopleSettings } from './people-configuration.ts';
import { isSecret, keyInFile, SETTING_NAMES, SETTINGS, type SettingName, type Settings } from './settings.ts';

/** Name of the file of settings in a workspace. */
export const SETTINGS_FILE = 'bellwether.config.yaml';

/** What the environment and the file say, checked. */
export interface Configuration {
  readonly engines: EngineConfiguration;
  readonly settings: Settings;
  readonly people: PeopleSettings;
  /** Whole path of the workspace. */
  readonly workspace: string;
  /** Folder that relative paths of the command line are relative to. */
  readonly currentFolder: string;
  /** Any other variable by name: paths of sources may name some. */
  readonly environment: (name: string) => string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A value as it was written, and where. */
interface Given {
  readonly text: string;
  readonly place: string;
}

/** The variables of this process. The only place that reads them. */
export function readEnvironment(): Environment {
  return process.env;
}

/**
 * The configuration that the environment and `bellwether.config.yaml` of the workspace give; the environment wins. An empty
 * variable counts as not set. A secret may be in a file that `NAME_FILE` names.
 *
 * Refuses with a `Failure` that names every fault with its place at once; values, which may be secrets, are not shown.
 */
export function readConfiguration(
  environment: Environment,
  processFolder: string,
  named: string | null = null,
): Configuration {
  const faults: string[] = [];
  const currentFolder = folderOfCaller(environment, processFolder);
  const own = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const workspace = resolve(currentFolder, named ?? own['BELLWETHER_WORKSPACE'] ?? '.');
  refuseMisspelt(own, faults);
  const given = new Map<SettingName, Given>([
    ...readFile(join(workspace, SETTINGS_FILE), workspace, faults),
    ...readVariables(own, currentFolder, faults),
  ]);
  const settings: Record<string, unknown> = {};
  for (const [name, { text, place }] of given) {
    const parsed = SETTINGS[name].schema.safeParse(text);
    if (parsed.success) settings[name] = parsed.data;
    else faults.push(...parsed.error.issues.map(({ message }) => `${place} ${message}`));
  }
  const read = settings as Settings;
  faults.push(...together(read));
  if (faults.length > 0) {
    const lines = faults.map((fault) => `  ${fault}`).join('\n');
    throw new Failure('bad-configuration', `The configuration has faults:\n${lines}`);
  }
  return {
    engines: {
      warehouseUrl: read.CLICKHOUSE_URL,
      warehouseDatabase: read.CLICKHOUSE_DATABASE,
      warehouseCluster: read.CLICKHOUSE_CLUSTER,
      ledgerUrl: read.DATABASE_URL,
      memoryLimitBytes: read.BELLWETHER_MEMORY,
      timeLimitSeconds: read.BELLWETHER_QUERY_SECONDS,
    },
    settings: read,
    people: readPeopleSettings(read),
    workspace,
    currentFolder,
    environment: (name) => environment[name],
  };
}

/** Settings that need each other. */
function together(settings: Settings): readonly string[] {
  const faults: string[] = [];
  const need = (name: SettingName, others: readonly SettingName[]): void => {
    const missing = others.filter((other) => settings[other] === undefined);
    if (settings[name] !== undefined && missing.length > 0)
      faults.push(`${name} needs ${missing.join(' and ')} as well`);
  };
  need('BELLWETHER_OIDC_ISSUER', ['BELLWETHER_OIDC_CLIENT_ID', 'BELLWETHER_OIDC_CLIENT_SECRET', 'BELLWETHER_ORIGIN']);
  need('BELLWETHER_OIDC_CLIENT_ID', ['BELLWETHER_OIDC_ISSUER']);
  need('BELLWETHER_SMTP_URL', ['BELLWETHER_MAIL_FROM']);
  need('CLICKHOUSE_CLUSTER', ['CLICKHOUSE_URL']);
  return faults;
}

/** A variable that begins like ours and is a letter or two from one of them is a slip; others are somebody else's. */
function refuseMisspelt(own: Environment, faults: string[]): void {
  const known = [...SETTING_NAMES, ...SETTING_NAMES.filter(isSecret).map((name) => `${name}_FILE`)];
  const bare = (name: string): string => name.replace(/^BELLWETHER_/, '');
  for (const name of Object.keys(own)) {
    if (!name.startsWith('BELLWETHER_') || known.includes(name)) continue;
    const hint = didYouMean(bare(name), known.filter((each) => each.startsWith('BELLWETHER_')).map(bare));
    if (hint !== undefined) faults.push(`${name} is no setting. ${hint.replace('`', '`BELLWETHER_')}`);
  }
}

function readVariables(own: Environment, folder: string, faults: string[]): readonly (readonly [SettingName, Given])[] {
  return SETTING_NAMES.flatMap((name) => {
    const text = own[name];
    const path = isSecret(name) ? own[`${name}_FILE`] : undefined;
    if (text !== undefined && path !== undefined) {
      faults.push(`${name} and ${name}_FILE are both set: set one of them`);
      return [];
    }
    if (text !== undefined) return [[name, { text, place: name }] as const];
    const secret = path === undefined ? null : readSecret(resolve(folder, path), `${name}_FILE`, faults);
    return secret === null ? [] : [[name, secret] as const];
  });
}

function readSecret(path: string, place: string, faults: string[]): Given | null {
  try {
    return { text: readFileSync(path, 'utf8').trim(), place };
  } catch {
    faults.push(`${place} names ${path}, which cannot be read`);
    return null;
  }
}

function readFile(path: string, workspace: string, faults: string[]): readonly (readonly [SettingName, Given])[] {
  if (!existsSync(path)) return [];
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines });
  const placeOf = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${SETTINGS_FILE}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    faults.push(
      ...document.errors.map(
        ({ pos, message }) => `${placeOf(pos[0])} ${message.split('\n')[0]?.replace(/ at line .*$/, '')}`,
      ),
    );
    return [];
  }
  if (document.contents === null) return [];
  if (!isMap(document.contents)) {
    faults.push(`${SETTINGS_FILE}:1:1 must be settings, one on each line: \`memory: 2GB\``);
    return [];
  }
  const known = new Map<string, readonly [SettingName, 'value' | 'file']>(
    SETTING_NAMES.filter((name) => name !== 'BELLWETHER_WORKSPACE').flatMap((name) => [
      [keyInFile(name), [name, 'value']] as const,
      ...(isSecret(name) ? [[`${keyInFile(name)}_file`, [name, 'file']] as const] : []),
    ]),
  );
  return document.contents.items.flatMap(({ key, value }) => {
    const written = isScalar(key) ? String(key.value) : '';
    const place = placeOf(isScalar(key) ? (key.range?.[0] ?? 0) : 0);
    const found = known.get(written);
    if (found === undefined) {
      faults.push(
        `${place} \`${written}\` is no setting. ${didYouMean(written, known.keys()) ?? 'docs/reference/environment.md lists them.'}`,
      );
      return [];
    }
    if (!isScalar(value) || value.value === null) {
      faults.push(`${place} \`${written}\` must have one value`);
      return [];
    }
    const text = String(value.source ?? value.value);
    if (found[1] === 'value') return [[found[0], { text, place: `${place} ${written}` }] as const];
    const secret = readSecret(resolve(workspace, text), `${place} ${written}`, faults);
    return secret === null ? [] : [[found[0], secret] as const];
  });
}

/** `npm run bellwether` moves to the folder of the package; npm tells where its caller was. */
function folderOfCaller(environment: Environment, processFolder: string): string {
  return environment['npm_lifecycle_event'] === 'bellwether'
    ? (environment['INIT_CWD'] ?? processFolder)
    : processFolder;
}
