import { join } from 'node:path';
import { examine } from '../../pipeline/doctor.ts';
import { examineOutside } from '../../pipeline/doctor-outside.ts';
import { DATA_FOLDER } from '../../pipeline/workspace.ts';
import type { Command } from '../command.ts';
import { writeTable } from '../table.ts';

/** `bellwether doctor`: whether this machine and workspace can run it. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'look whether this machine, its engines, the model and what is configured can run Bellwether',
  examples: [{ syntax: 'bellwether doctor', meaning: 'every check, and what to do about those that fail' }],
  json: '[{name, ok, found, advice}]',
  run: async ({ directory, engines, settings, clock }) => {
    const inside = await examine({
      directory: join(directory, DATA_FOLDER),
      warehouse: { url: engines.warehouseUrl, database: engines.warehouseDatabase, cluster: engines.warehouseCluster },
      databaseUrl: engines.ledgerUrl,
      clock: () => clock().getTime(),
    });
    const outside = await examineOutside({
      workspace: directory,
      origin: settings.BELLWETHER_ORIGIN,
      trustedProxies: settings.BELLWETHER_TRUSTED_PROXIES,
      smtpUrl: settings.BELLWETHER_SMTP_URL,
      oidcIssuer: settings.BELLWETHER_OIDC_ISSUER,
    });
    const checks = [...inside, ...outside];
    return {
      status: checks.every((check) => check.ok) ? 0 : 1,
      json: checks,
      text: (paper) => {
        const rows = checks.map((check) => [check.ok ? 'ok' : 'FAULT', check.name, check.found]);
        const advice = checks.flatMap((check) => (check.advice === null ? [] : [`${check.name}: ${check.advice}`]));
        return [writeTable(paper, ['', 'check', 'found'], rows), ...(advice.length > 0 ? ['', ...advice] : [])].join(
          '\n',
        );
      },
    };
  },
};
