import { z } from 'zod';
import { type Service, startService } from '../../api/serve.ts';
import { Failure } from '../../model/failure.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { readOptions } from '../arguments.ts';
import type { Command, Context } from '../command.ts';
import { writeCount } from '../table.ts';

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
    const { directory, engines: configuration, run, onClose } = context;
    const engines = await openWorkspace({ directory, configuration, run, catalogue: SIGNAL_CATALOGUE });
    onClose(engines.close);
    const tellings = tellingsOf(context);
    const clock = () => context.clock().getTime();
    const service = await startService({ engines, clock, host, port, isDry, origins, ...tellings });
    onClose(service.close);
    greet(context, service, isDry);
    return new Promise<never>(() => undefined);
  },
};

function greet({ say }: Context, { address, setup }: Service, isDry: boolean): void {
  const lines = [
    `Bellwether listens at ${address}.`,
    ...(setup === null ? [] : [`Set it up within a day, once, at ${setup}`]),
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
    }: {
      kind: string;
      accounts: number;
      moves: readonly unknown[];
      held: readonly unknown[];
    }) => {
      if (kind === 'refresh' && moves.length === 0 && held.length === 0) return;
      const told = `${kind}: ${writeCount(accounts, 'account')}, ${writeCount(moves.length, 'move')}${held.length === 0 ? '' : `, ${held.length} held`}`;
      say(kind, { accounts, moves: moves.length, held: held.length }, told);
    },
    onFailure: (error: unknown) => {
      const isKnown = error instanceof Failure;
      const message = isKnown ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
      say('failure', { code: isKnown ? error.code : 'internal', message }, message);
    },
  };
}
