import { groundOf } from '../../evidence/ground.ts';
import { AS_OF, choicesOf } from '../choice.ts';
import type { Command } from '../command.ts';
import { openHistoryOf } from '../past.ts';
import { writeMoney, writeTable } from '../table.ts';

const CHOICES = choicesOf({ asOf: AS_OF });

/** `bellwether evidence`: what there is to test anything with. */
export const evidenceCommand: Command = {
  name: 'evidence',
  summary: 'tell what evidence can rest on: accounts watched, churns, and what a year of churn costs',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence', meaning: 'is there enough to test anything?' },
    { syntax: 'bellwether evidence milestones', meaning: 'does reaching something go with staying?' },
  ],
  json: '{eventsFrom, followedThrough, hasContracts, accounts, everCustomers, spells, customers, churns, customerYears, yearlyChurn, arr, arrLostPerYear, linked, undated, createdBeforeEvents, enough, sentence}',
  run: async (context, _, options) => {
    const { asOf } = CHOICES.read(options);
    const { history, model } = await openHistoryOf(context, { asOf, ageDays: [] });
    const ground = groundOf(history);
    const { currency } = model;
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
