import { join } from 'node:path';
import { examine } from '../../pipeline/doctor.ts';
import { DATA_FOLDER } from '../../pipeline/workspace.ts';
import type { Command } from '../command.ts';
import { writeTable } from '../table.ts';

/** `bellwether doctor`: whether this machine and workspace can run it. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'look whether this machine and workspace can run Bellwether',
  examples: [{ syntax: 'bellwether doctor', meaning: 'every check, and what to do about those that fail' }],
  json: '[{name, ok, found, advice}]',
  run: async ({ directory, engines }) => {
    const checks = await examine({
      directory: join(directory, DATA_FOLDER),
      warehouse: { url: engines.warehouseUrl, database: engines.warehouseDatabase, cluster: engines.warehouseCluster },
      databaseUrl: engines.ledgerUrl,
    });
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
