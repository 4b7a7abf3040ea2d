import { groundOf } from '../../evidence/ground.ts';
import { primaryAgeOf, type SensitivityRow } from '../../evidence/sensitivity.ts';
import { openHistory } from '../../pipeline/evidence.ts';
import { askSensitivity, STANDARD } from '../../pipeline/questions.ts';
import { openTellings } from '../../pipeline/tellings.ts';
import { AS_OF, choicesOf } from '../choice.ts';
import type { Command, Paper } from '../command.ts';
import { openWorkspaceOf, ratioCell } from '../past.ts';
import { writeMoney, writeTable } from '../table.ts';

const CHOICES = choicesOf({ asOf: AS_OF });

/** `bellwether evidence`: what there is to test anything with. */
export const evidenceCommand: Command = {
  name: 'evidence',
  summary:
    'tell what evidence can rest on: accounts watched, churns, what a year of churn costs, and whether the facts agree on who left',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence', meaning: 'is there enough to test anything?' },
    { syntax: 'bellwether evidence milestones', meaning: 'does reaching something go with staying?' },
  ],
  json: "{eventsFrom, followedThrough, hasContracts, accounts, everCustomers, spells, customers, churns, customerYears, yearlyChurn, arr, arrLostPerYear, linked, undated, createdBeforeEvents, enough, sentence, sensitivity: [{definition: 'contract' | 'notice' | 'event' | 'inactivity' | 'trait', says, accounts, churned, agrees, onlyHere, onlyByContract, otherDay, milestone: {candidate, windowDays}, n: [reached, not], events, hazardRatio, interval, p, verdict, changedFrom, reason, sentence}]}",
  run: async (context, _, options) => {
    const { asOf } = CHOICES.read(options);
    const workspace = await openWorkspaceOf(context);
    const { model } = workspace;
    const ageDays = [primaryAgeOf(model.activation.milestones)];
    const history = await openHistory(workspace, { asOf, ageDays });
    const ground = groundOf(history);
    const tellings = await openTellings(workspace, asOf);
    const sensitivity = askSensitivity({ model, history }, tellings, STANDARD.sensitivity);
    const { currency } = model;
    return {
      status: 0,
      json: { ...ground, sensitivity },
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
          ...writeSensitivity(paper, sensitivity),
        ].join('\n\n'),
    };
  },
};

function writeSensitivity(paper: Paper, rows: readonly SensitivityRow[]): readonly string[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => [
    row.definition,
    row.churned,
    row.agrees,
    row.onlyHere,
    row.onlyByContract,
    row.otherDay,
    ratioCell(row.hazardRatio, row.interval),
    row.verdict?.replaceAll('_', ' ') ?? null,
  ]);
  const heads = ['churn told by', 'left', 'as by contract', 'only here', 'only by contract', 'another day'];
  return [
    'Who left, as the facts tell it in different ways, and the primary milestone under each:',
    writeTable(paper, [...heads, 'hazard', 'verdict'], cells),
    ...rows.map(({ sentence }) => sentence),
  ];
}
