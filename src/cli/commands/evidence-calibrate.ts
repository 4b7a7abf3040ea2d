import { z } from 'zod';
import { type Calibration, calibrate } from '../../evidence/calibrate.ts';
import { modelThresholds } from '../../evidence/model_threshold.ts';
import { rulesOn } from '../../evidence/rule_trial.ts';
import { panelSignals } from '../../evidence/signal.ts';
import { testThresholds } from '../../evidence/threshold.ts';
import { writePercent } from '../../evidence/wording.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { countText, instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { openPanelOf } from '../panel.ts';
import { writeTable } from '../table.ts';

const OPTIONS = z.object({
  asOf: instantText.optional(),
  horizon: countText.default(180),
  split: instantText.optional(),
  permutations: countText.default(199),
  seed: countText.default(1),
});

/** `bellwether evidence calibrate`: which shipped numbers would your own data set otherwise? */
export const evidenceCalibrateCommand: Command = {
  name: 'evidence calibrate',
  summary: 'propose numbers for rules that still stand at the shipped default, as a diff of the model; changes nothing',
  options: [
    { syntax: '--as-of <DAY>', meaning: 'look back from this day (default: the end of the data)' },
    { syntax: '--horizon <DAYS>', meaning: 'days after a landmark in which a churn counts (default: 180)' },
    {
      syntax: '--split <DAY>',
      meaning: 'find on what came before this day, test on what came after (default: 3/5 of the time)',
    },
    { syntax: '--permutations <COUNT>', meaning: 'shuffles of accounts, and draws for the interval (default: 199)' },
    { syntax: '--seed <NUMBER>', meaning: 'seed of the shuffles (default: 1)' },
  ],
  examples: [
    { syntax: 'bellwether evidence calibrate', meaning: 'what would change, why, and what stays a default' },
    { syntax: 'bellwether evidence calibrate --json', meaning: 'proposals, what is kept, and the diff, for machines' },
  ],
  json: "{proposals: [{path, signal, operator, from, to, because}], kept: [{path, signal, value, state: 'confirmed'|'default', because}], rules: [{path, from, to, share: [now, proposed], hazardRatio, interval, stands}], diff}",
  run: async (context, _, options) => {
    const { asOf = null, horizon, split = null, permutations, seed } = readOptions(options, OPTIONS);
    const { panel, model, modelText } = await openPanelOf(context, { asOf, everyDays: 28 });
    const report = testThresholds(panel, {
      signals: panelSignals(model, SIGNAL_CATALOGUE),
      horizonDays: horizon,
      splitMs: split,
      permutations,
      seed,
      model: modelThresholds(model),
    });
    const tryRule = rulesOn(panel, report.calendar, model, SIGNAL_CATALOGUE, horizon);
    const calibration = calibrate(model, modelText, report.rows, tryRule);
    return { status: 0, json: calibration, text: (paper) => writeReport(paper, calibration) };
  },
};

function writeReport(paper: Paper, { proposals, kept, rules, diff }: Calibration): string {
  const numbers = kept.filter(({ signal }) => signal !== null);
  return [
    writeTable(
      paper,
      ['rule', 'signal', 'number', 'state', 'why'],
      numbers.map(({ path, signal, value, state, because }) => [
        path,
        signal,
        String(value),
        state === 'default' ? 'default, not yet calibrated' : state,
        because,
      ]),
    ),
    `${kept.length - numbers.length} further defaults are no cuts of a signal and stay "default, not yet calibrated".`,
    ...rules.map(
      ({ path, share, stands }) =>
        `${path} as a whole would hold for ${writePercent(share[1])} of customers instead of ${writePercent(share[0])}${stands ? '' : ', and would not tell who leaves: nothing of it is proposed'}.`,
    ),
    proposals.length === 0
      ? 'No number is proposed.'
      : `${proposals.length} ${proposals.length === 1 ? 'number is' : 'numbers are'} proposed. Nothing is changed; to apply, save the lines below as a file and run \`patch -p1\` with it where the model is.\n\n${diff.trimEnd()}`,
  ].join('\n\n');
}
