import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import type { EngineConfiguration } from '../pipeline/workspace.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9 };

const url = (schemes: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), {
    error: `must be a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
  });

const bytes = z.string().transform((text, context) => {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?b)?$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (digits !== undefined && factor !== undefined) return Math.floor(Number(digits) * factor);
  context.addIssue({ code: 'custom', message: 'must be a size such as 2GB or 500MB' });
  return z.NEVER;
});

const identifier = z.string().regex(/^[A-Za-z_]\w*$/, 'must be letters, digits and _, and begin with a letter');

/** Every variable that Bellwether reads, with what it means; docs/reference/environment.md is written from it. */
export const VARIABLES = {
  CLICKHOUSE_URL: {
    schema: url(['http:', 'https:']).optional(),
    meaning: 'ClickHouse server to use as the warehouse. Not set: an embedded engine inside the workspace.',
    example: 'http://user:password@localhost:8123/bellwether',
  },
  CLICKHOUSE_DATABASE: {
    schema: identifier.optional(),
    meaning: 'Database of that server, where CLICKHOUSE_URL names none.',
    example: 'bellwether',
  },
  CLICKHOUSE_CLUSTER: {
    schema: identifier.optional(),
    meaning: 'Name of the cluster, where the server is one of several.',
    example: 'main',
  },
  DATABASE_URL: {
    schema: url(['postgres:', 'postgresql:']).optional(),
    meaning: 'Postgres server to use as the ledger. Not set: an embedded server inside the workspace.',
    example: 'postgres://user:password@localhost:5432/bellwether',
  },
  BELLWETHER_WORKSPACE: {
    schema: z.string().min(1).optional(),
    meaning: 'Folder of the workspace, where --workspace is not given. Not set: the current folder.',
    example: './acme',
  },
  BELLWETHER_MEMORY: {
    schema: bytes.optional(),
    meaning: "Most memory of the embedded warehouse. Not set: 60% of the machine's, at most 6 GB.",
    example: '2GB',
  },
  BELLWETHER_QUERY_SECONDS: {
    schema: z
      .string()
      .regex(/^[1-9]\d*$/, 'must be a whole number of seconds')
      .transform(Number)
      .optional(),
    meaning: 'Longest time that one query may run. Not set: 1800.',
    example: '3600',
  },
} as const satisfies Readonly<Record<string, { schema: z.ZodType; meaning: string; example: string }>>;

/** What the environment says, checked. */
export interface Configuration {
  readonly engines: EngineConfiguration;
  /** Workspace where the command line names none. */
  readonly workspace: string;
  /** Folder that relative paths of the command line are relative to. */
  readonly currentFolder: string;
  /** Any other variable by name: paths of sources may name some. */
  readonly environment: (name: string) => string | undefined;
}

/** The variables of this process. The only place that reads them. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/**
 * The configuration that an environment gives. An empty variable counts as not set.
 *
 * Refuses with a `Failure` that names every variable at fault at once; values, which may hold passwords, are not shown.
 */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
  processFolder: string,
): Configuration {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const schemas = z.object({
    CLICKHOUSE_URL: VARIABLES.CLICKHOUSE_URL.schema,
    CLICKHOUSE_DATABASE: VARIABLES.CLICKHOUSE_DATABASE.schema,
    CLICKHOUSE_CLUSTER: VARIABLES.CLICKHOUSE_CLUSTER.schema,
    DATABASE_URL: VARIABLES.DATABASE_URL.schema,
    BELLWETHER_WORKSPACE: VARIABLES.BELLWETHER_WORKSPACE.schema,
    BELLWETHER_MEMORY: VARIABLES.BELLWETHER_MEMORY.schema,
    BELLWETHER_QUERY_SECONDS: VARIABLES.BELLWETHER_QUERY_SECONDS.schema,
  });
  const parsed = schemas.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
    throw new Failure('bad-configuration', `The environment has faults:\n${problems.join('\n')}`);
  }
  const { data } = parsed;
  return {
    engines: {
      warehouseUrl: data.CLICKHOUSE_URL,
      warehouseDatabase: data.CLICKHOUSE_DATABASE,
      warehouseCluster: data.CLICKHOUSE_CLUSTER,
      ledgerUrl: data.DATABASE_URL,
      memoryLimitBytes: data.BELLWETHER_MEMORY,
      timeLimitSeconds: data.BELLWETHER_QUERY_SECONDS,
    },
    workspace: data.BELLWETHER_WORKSPACE ?? '.',
    currentFolder: folderOfCaller(environment, processFolder),
    environment: (name) => environment[name],
  };
}

/** `npm run bellwether` moves to the folder of the package; npm tells where its caller was. */
function folderOfCaller(environment: Readonly<Record<string, string | undefined>>, processFolder: string): string {
  return environment['npm_lifecycle_event'] === 'bellwether'
    ? (environment['INIT_CWD'] ?? processFolder)
    : processFolder;
}
