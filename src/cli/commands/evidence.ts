import { z } from 'zod';
import { groundOf } from '../../evidence/ground.ts';
import { openHistory } from '../../pipeline/evidence.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { instantText, readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';
import { writeMoney, writeTable } from '../table.ts';

const OPTIONS = z.object({ asOf: instantText.optional() });

/** `bellwether evidence`: what there is to test anything with. */
export const evidenceCommand: Command = {
  name: 'evidence',
  summary: 'tell what evidence can rest on: accounts watched, churns, and what a year of churn costs',
  options: [{ syntax: '--as-of <DAY>', meaning: 'look back from this day (default: the end of the data)' }],
  examples: [
    { syntax: 'bellwether evidence', meaning: 'is there enough to test anything?' },
    { syntax: 'bellwether evidence milestones', meaning: 'does reaching something go with staying?' },
  ],
  json: '{eventsFrom, followedThrough, hasContracts, accounts, everCustomers, spells, customers, churns, customerYears, yearlyChurn, arr, arrLostPerYear, linked, undated, createdBeforeEvents, enough, sentence}',
  run: async (context, _, options) => {
    const { asOf = null } = readOptions(options, OPTIONS);
    const { directory, engines, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const ground = groundOf(await openHistory(workspace, { asOf, ageDays: [] }));
    const { currency } = workspace.model;
    return {
      status: 0,
      json: ground,
      text: (paper) =>
        [
          writeTable(
            paper,
            ['what', 'how much'],
            [
              ['events from', ground.eventsFrom?.slice(0, 10)],
              ['followed through', ground.followedThrough.slice(0, 10)],
              ['accounts', ground.accounts],
              ['ever customers', ground.everCustomers],
              ['customers now', ground.customers],
              ['merged or renamed', ground.linked],
              ['created before the events begin', ground.createdBeforeEvents],
              ['ARR now', writeMoney(ground.arr, currency)],
              ['ARR lost a year at this churn', writeMoney(ground.arrLostPerYear, currency)],
            ],
          ),
          ground.hasContracts
            ? ground.sentence
            : `${ground.sentence} There are no contracts: every account counts as a customer, and churn is a long silence.`,
        ].join('\n\n'),
    };
  },
};
