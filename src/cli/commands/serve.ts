import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { openLog, sayError } from '../../api/log.ts';
import { arePagesBuilt } from '../../api/pages.ts';
import type { PrintedLink } from '../../api/people-side.ts';
import { type Service, startService } from '../../api/serve.ts';
import { workspaceSecret } from '../../people/secret.ts';
import { isBehindProxy, UNNAMED_PROXY } from '../../pipeline/doctor-outside.ts';
import { DATA_FOLDER, openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { readOptions } from '../arguments.ts';
import type { Command, Context } from '../command.ts';
import { writeCount } from '../table.ts';
import { tellUnpublished } from '../unpublished.ts';

const OPTIONS = z.object({
  port: z.coerce.number().int().min(0).max(65_535).default(8_321),
  host: z.string().min(1).default('127.0.0.1'),
  origin: z
    .string()
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(z.array(z.url({ protocol: /^https?$/ })))
    .default([]),
  dryRun: z.boolean().default(false),
});

/** Where `scripts/web.mjs` builds the web app. */
const PAGES_FOLDER = fileURLToPath(new URL('../../../dist/web', import.meta.url));

/** `bellwether serve`: events in, answers out: API, live loop and schedule on one port, until it is stopped. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'take events, answer the product and let time pass: API, live loop and schedule on one port, until stopped',
  isService: true,
  options: [
    { syntax: '--port <NUMBER>', meaning: 'port to listen on, 0 for any that is free (default: 8321)' },
    { syntax: '--host <ADDRESS>', meaning: 'address to listen on (default: 127.0.0.1, this machine alone)' },
    {
      syntax: '--origin <URLS>',
      meaning: 'origins of pages that may ask for answers by themselves, by commas (default: none)',
    },
    { syntax: '--dry-run', meaning: 'compute and tell what would move, and record nothing of it' },
  ],
  examples: [
    { syntax: 'bellwether serve', meaning: 'on this machine; the first start prints a link to set up with' },
    { syntax: 'bellwether serve --host 0.0.0.0 --port 8080', meaning: 'for a network; put TLS in front of it' },
  ],
  json: '{at, event, ...}, one line for each thing that happens, the first {at, event: "started", address, setup, dryRun}',
  run: async (context, _, options) => {
    const { port, host, origin: origins, dryRun: isDry } = readOptions(options, OPTIONS);
    const { directory, engines: configuration, settings, people: ofPeople, run, onClose } = context;
    const engines = await openWorkspace({ directory, configuration, run, catalogue: SIGNAL_CATALOGUE });
    onClose(engines.close);
    tellUnpublished(context, engines);
    const tellings = tellingsOf(context);
    const clock = () => context.clock().getTime();
    const isEmbedded = configuration.warehouseUrl === undefined || configuration.ledgerUrl === undefined;
    const dataFolder = join(directory, DATA_FOLDER);
    const people = { ...ofPeople, secret: ofPeople.secret ?? (await workspaceSecret(dataFolder)) };
    const service = await startService({
      ...{ dataFolder, engines, clock, host, port, isDry, origins, people, ...tellings },
      modelPath: engines.path,
      pagesFolder: PAGES_FOLDER,
      trustedProxies: ofPeople.trustedProxies,
      log: openLog(settings.BELLWETHER_LOG_LEVEL ?? 'info', { write: context.log }, clock),
      isMetricsOpen: settings.BELLWETHER_METRICS === 'loopback',
      isEvidenceAhead: settings.BELLWETHER_EVIDENCE !== 'asked',
      backupFolder: join(dataFolder, 'backups'),
      retention: {
        eventsMonths: settings.BELLWETHER_EVENTS_MONTHS,
        quarantineDays: settings.BELLWETHER_QUARANTINE_DAYS,
      },
      drainMillis: (settings.BELLWETHER_DRAIN_SECONDS ?? 0) * 1_000,
      ...(isEmbedded ? { folder: dataFolder } : {}),
      ...(settings.BELLWETHER_UPLOAD_SIZE === undefined ? {} : { uploadBytes: settings.BELLWETHER_UPLOAD_SIZE }),
    });
    onClose(service.close);
    greet(context, service, isDry);
    if (ofPeople.trustedProxies.length === 0 && isBehindProxy({ host, origin: ofPeople.origin }))
      context.say('warning', { code: 'unnamed-proxy', message: UNNAMED_PROXY }, UNNAMED_PROXY);
    return new Promise<never>(() => undefined);
  },
};

/** How to set up where there is no page to do it on: the same link's token, sent by hand. */
function setupCall(address: string, setup: string): string {
  const token = setup.slice(setup.indexOf('#') + 1);
  const body = JSON.stringify({ token, operator: { name: '...', email: '...', password: '...' } });
  return `The pages are not built here. Set it up within a day, once: curl -X POST ${address}/api/v1/setup -H 'content-type: application/json' -d '${body}'`;
}

function greet({ say }: Context, { address, setup }: Service, isDry: boolean): void {
  const told = (link: string) =>
    arePagesBuilt(PAGES_FOLDER) ? `Set it up within a day, once, at ${link}` : setupCall(address, link);
  const lines = [
    `Bellwether listens at ${address}.`,
    ...(setup === null ? [] : [told(setup)]),
    ...(isDry ? ['This is a dry run: nothing that would move is recorded.'] : []),
    'Stop it with Ctrl-C; what was accepted is kept.',
  ];
  say('started', { address, setup, dryRun: isDry }, lines.join('\n'));
}

function tellingsOf({ say }: Context) {
  return {
    onRefreshed: ({
      kind,
      accounts,
      moves,
      held,
      ms,
    }: {
      kind: string;
      accounts: number;
      moves: readonly unknown[];
      held: readonly unknown[];
      ms: number;
    }) => {
      if (kind === 'refresh' && moves.length === 0 && held.length === 0) return;
      const told = `${kind}: ${writeCount(accounts, 'account')}, ${writeCount(moves.length, 'move')}${held.length === 0 ? '' : `, ${held.length} held`}`;
      say(kind, { accounts, moves: moves.length, held: held.length, ms }, told);
    },
    onLink: ({ kind, email, link }: PrintedLink) => {
      const told =
        kind === 'invitation'
          ? `Invitation of ${email}, good for seven days`
          : `New password for ${email}, good for an hour`;
      say('link', { kind, email, link }, `${told}, once: ${link}`);
    },
    onFailure: (error: unknown) => {
      const told = sayError(error);
      say('failure', told, told.message);
    },
  };
}
