import type { Calibration } from '../../evidence/calibrate.ts';
import { writePercent } from '../../evidence/wording.ts';
import { MONTHLY } from '../../pipeline/evidence.ts';
import { askCalibration, askThresholds } from '../../pipeline/questions.ts';
import type { Command, Paper } from '../command.ts';
import { openPanelOf } from '../past.ts';
import { SEARCH } from '../search.ts';
import { writeTable } from '../table.ts';

/** `bellwether evidence calibrate`: which shipped numbers would your own data set otherwise? */
export const evidenceCalibrateCommand: Command = {
  name: 'evidence calibrate',
  summary: 'propose numbers for rules that still stand at the shipped default, as a diff of the model; changes nothing',
  options: SEARCH.parts,
  examples: [
    { syntax: 'bellwether evidence calibrate', meaning: 'what would change, why, and what stays a default' },
    { syntax: 'bellwether evidence calibrate --json', meaning: 'proposals, what is kept, and the diff, for machines' },
  ],
  json: "{proposals: [{path, signal, operator, from, to, because}], kept: [{path, signal, value, state: 'confirmed'|'default', because}], rules: [{path, from, to, share: [now, proposed], hazardRatio, interval, stands}], diff}",
  run: async (context, _, options) => {
    const { asOf, horizon: horizonDays, split: splitMs, permutations, seed } = SEARCH.read(options);
    const opened = await openPanelOf(context, { asOf, everyDays: MONTHLY });
    const thresholds = askThresholds(opened, { horizonDays, splitMs, permutations, seed });
    const calibration = askCalibration(opened, opened.modelText, thresholds, horizonDays);
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
