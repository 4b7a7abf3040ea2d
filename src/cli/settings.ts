import { z } from 'zod';
import { ROLES } from '../people/role.ts';
import { SESSION_LIMITS } from '../people/session.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9 };

/** One setting: how its text is read, what it means, and whether its value is a secret, which then may be in a file of its own. */
export interface Setting {
  readonly schema: z.ZodType;
  readonly meaning: string;
  readonly example: string;
  readonly isSecret?: true;
}

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

const count = (unit: string, least = 1) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number of ${unit}`)
    .transform(Number)
    .refine((n) => n >= least, { error: `must be at least ${least} ${unit}` });

const list = <Item>(item: z.ZodType<Item, string>) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    )
    .pipe(z.array(item));

/** An origin as browsers name it: a scheme, a host and perhaps a port, and nothing else. */
const origin = z.string().transform((text, context) => {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).pathname === '/') {
    return new URL(text).origin;
  }
  context.addIssue({
    code: 'custom',
    message: 'must be an address such as https://bellwether.acme.com, without a path',
  });
  return z.NEVER;
});

/**
 * Every setting, by the name of its variable. In `bellwether.config.yaml` it is written in small letters and without
 * `BELLWETHER_`: `memory: 2GB`, `clickhouse_url: ...`. docs/reference/environment.md is made of this list.
 */
export const SETTINGS = {
  CLICKHOUSE_URL: {
    schema: url(['http:', 'https:']).optional(),
    meaning: 'ClickHouse server to use as the warehouse. Not set: an embedded engine inside the workspace.',
    example: 'http://user:password@localhost:8123/bellwether',
    isSecret: true,
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
    isSecret: true,
  },
  BELLWETHER_WORKSPACE: {
    schema: z.string().min(1).optional(),
    meaning: 'Folder of the workspace, where --workspace is not given. Not set: the current folder. In no file.',
    example: './acme',
  },
  BELLWETHER_MEMORY: {
    schema: bytes.optional(),
    meaning: "Most memory of the embedded warehouse. Not set: 60% of the machine's, at most 6 GB.",
    example: '2GB',
  },
  BELLWETHER_QUERY_SECONDS: {
    schema: count('seconds').optional(),
    meaning: 'Longest time that one query may run. Not set: 1800.',
    example: '3600',
  },
  BELLWETHER_ORIGIN: {
    schema: origin.optional(),
    meaning:
      'Address at which people reach `serve`, as their browser shows it: links in mails and sign-in need it. https, unless it is this machine.',
    example: 'https://bellwether.acme.com',
  },
  BELLWETHER_LOG_LEVEL: {
    schema: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).optional(),
    meaning: 'What `serve` writes to its log (stderr, lines of JSON). debug: every request. Not set: info.',
    example: 'debug',
  },
  BELLWETHER_EVIDENCE: {
    schema: z.enum(['ahead', 'asked']).optional(),
    meaning:
      'When `serve` computes whether segments and milestones predict anything: once a day by itself (ahead), or when somebody opens a page that shows it (asked). Not set: ahead.',
    example: 'asked',
  },
  BELLWETHER_METRICS: {
    schema: z.enum(['key', 'loopback']).optional(),
    meaning:
      'Who may read /metrics: whoever has a key of scope read, or also whoever asks from this machine without a proxy. Not set: key.',
    example: 'loopback',
  },
  BELLWETHER_DRAIN_SECONDS: {
    schema: count('seconds', 0).optional(),
    meaning:
      'How long /readyz says no before `serve` stops taking requests, so that a load balancer turns away first. Not set: 0.',
    example: '5',
  },
  BELLWETHER_GRACE_SECONDS: {
    schema: count('seconds').optional(),
    meaning: 'Longest time that `serve` may take to end well; after it, it ends at once with exit code 1. Not set: 60.',
    example: '30',
  },
  BELLWETHER_UPLOAD_SIZE: {
    schema: bytes.optional(),
    meaning: 'Largest file that may be sent to `serve`. Not set: 2GB.',
    example: '500MB',
  },
  BELLWETHER_EVENTS_MONTHS: {
    schema: count('months').optional(),
    meaning: 'Raw events older than so many whole months are removed at midnight. Not set: kept for ever.',
    example: '36',
  },
  BELLWETHER_QUARANTINE_DAYS: {
    schema: count('days').optional(),
    meaning: 'Refused rows older than so many days are removed at midnight. Not set: kept for ever.',
    example: '90',
  },
  BELLWETHER_TRUSTED_PROXIES: {
    schema: list(z.string()).optional(),
    meaning: 'Addresses or networks of proxies, by commas, whose X-Forwarded-For is believed. Not set: nobody’s.',
    example: '10.0.0.0/8',
  },
  BELLWETHER_SECRET: {
    schema: z.string().min(32, 'must have at least 32 characters').optional(),
    meaning: 'Signs session cookies; the same for every process. Not set: made once, in the folder of the workspace.',
    example: '64 characters of openssl rand -hex 32',
    isSecret: true,
  },
  BELLWETHER_SESSION_IDLE_MINUTES: {
    schema: count('minutes').optional(),
    meaning: `Minutes without a request after which a session ends. Not set: ${SESSION_LIMITS.idleMinutes}.`,
    example: '60',
  },
  BELLWETHER_SESSION_HOURS: {
    schema: count('hours').optional(),
    meaning: `Hours after which a session ends, used or not. Not set: ${SESSION_LIMITS.absoluteHours}.`,
    example: '10',
  },
  BELLWETHER_SMTP_URL: {
    schema: url(['smtp:', 'smtps:']).optional(),
    meaning: 'Mail server for invitations and new passwords. Not set: the link is printed on the console.',
    example: 'smtps://user:password@mail.acme.com:465',
    isSecret: true,
  },
  BELLWETHER_MAIL_FROM: {
    schema: z.string().regex(/@/, 'must be an address').optional(),
    meaning: 'Sender of those mails.',
    example: 'Bellwether <bellwether@acme.com>',
  },
  BELLWETHER_OIDC_ISSUER: {
    schema: url(['https:', 'http:']).optional(),
    meaning: 'Provider at which operators sign in, found by its discovery document.',
    example: 'https://login.acme.com',
  },
  BELLWETHER_OIDC_CLIENT_ID: {
    schema: z.string().min(1).optional(),
    meaning: 'Name of this client at the provider. Register ORIGIN/api/v1/sign-in/callback/oidc there.',
    example: 'bellwether',
  },
  BELLWETHER_OIDC_CLIENT_SECRET: {
    schema: z.string().min(1).optional(),
    meaning: 'Secret of that client.',
    example: '...',
    isSecret: true,
  },
  BELLWETHER_OIDC_DOMAINS: {
    schema: list(z.string().regex(/^[a-z0-9.-]+\.[a-z]{2,}$/i, 'must be domains such as acme.com')).optional(),
    meaning:
      'Domains of addresses, by commas, that may come by it without an invitation. Not set: everybody must be invited.',
    example: 'acme.com, acme.io',
  },
  BELLWETHER_OIDC_ROLE: {
    schema: z.enum(ROLES).optional(),
    meaning: 'Role of whoever comes by it for the first time without an invitation. Not set: viewer.',
    example: 'csm',
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** Name of a setting's variable. */
export type SettingName = keyof typeof SETTINGS;

/** What settings say, checked; absent where nothing is set. */
export type Settings = { readonly [Name in SettingName]?: z.output<(typeof SETTINGS)[Name]['schema']> };

/** Names of all settings. */
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** How a setting is written in the file. */
export const keyInFile = (name: string): string => name.replace(/^BELLWETHER_/, '').toLowerCase();

/** Whether a setting is a secret, and so may be in a file of its own, named by `NAME_FILE`. */
export const isSecret = (name: SettingName): boolean => (SETTINGS[name] as Setting).isSecret === true;
