import type { Calibration } from '../calibrate.ts';
import { writeNumber } from '../wording.ts';
import { type ForestRow, forestChart } from './forest_chart.ts';
import { hazardAxis, ratioSpan, ratioText } from './hazard.ts';
import { type Markup, markup } from './markup.ts';
import { figure, reportTable, type Section, shareCell, unfolding } from './page.ts';

/** The section on which shipped numbers one's own data would set otherwise. */
export function calibrationSection({ proposals, kept, rules, diff }: Calibration): Section {
  const numbers = kept.filter(({ signal }) => signal !== null);
  const confirmed = numbers.filter(({ state }) => state === 'confirmed').length;
  const proposed =
    proposals.length === 0
      ? 'No number is proposed'
      : `${proposals.length} ${proposals.length === 1 ? 'number is' : 'numbers are'} proposed`;
  return {
    id: 'calibration',
    title: 'Numbers of the rules',
    lead: `${proposed}${confirmed === 0 ? '' : `; ${confirmed} shipped ${confirmed === 1 ? 'number is' : 'numbers are'} confirmed by later data`}; ${kept.length - confirmed} stay a default, not yet calibrated. Nothing is changed by itself.`,
    body: [
      ...wholeRules(rules),
      ...(proposals.length === 0 ? [] : [proposalTable(proposals)]),
      ...(diff === ''
        ? []
        : [
            markup`<details><summary>The change as a diff: save it as a file, and run patch -p1 with it where the model is</summary><pre>${diff}</pre></details>`,
          ]),
      keptTable(numbers),
    ],
  };
}

/** The name of a rule by its path in the model file: `still_falling, At-Risk` of a segment's indicator. */
function ruleName(path: string): string {
  const parts = path.split('.');
  return parts[0] === 'segments' && parts.length > 3 ? `${parts.at(-1)}, ${parts[1]}` : parts.slice(-2).join(' ');
}

function wholeRules(rules: Calibration['rules']): readonly Markup[] {
  const title =
    'How much faster those whom a whole rule points at leave (of a rule for health: those outside it), after the split: as it stands, and with the numbers proposed; filled where the proposal stands.';
  const drawn = rules.flatMap(({ path, share, hazardRatio, interval, stands }) =>
    (['now', 'proposed'] as const).flatMap((name, index): readonly ForestRow[] => {
      const [ratio, span] = [hazardRatio[index] ?? null, interval[index] ?? null];
      if (ratio === null || span === null) return [];
      const mark = name === 'proposed' && stands ? 'holds' : 'open';
      return [
        {
          label: `${ruleName(path)}, ${name}`,
          note: `${shareCell(share[index])} of customers`,
          estimate: ratio,
          interval: span,
          mark,
        },
      ];
    }),
  );
  if (drawn.length === 0) return [];
  const table = reportTable(
    'Rules as a whole, after the split',
    ['rule', 'holds for, now', 'proposed', 'hazard ratio, now', '95%', 'proposed', '95%', 'stands'],
    rules.map(({ path, share, hazardRatio, interval, stands }) => [
      ruleName(path),
      shareCell(share[0]),
      shareCell(share[1]),
      ratioText(hazardRatio[0]),
      ratioSpan(interval[0]),
      ratioText(hazardRatio[1]),
      ratioSpan(interval[1]),
      stands ? 'yes' : 'no',
    ]),
  );
  return [figure(title, forestChart(drawn, hazardAxis(drawn, 'leave more slowly', 'leave faster'), title), table)];
}

function proposalTable(proposals: Calibration['proposals']): Markup {
  return reportTable(
    'Proposed',
    ['rule', 'signal', 'now', 'proposed', 'why'],
    proposals.map(({ path, signal, operator, from, to, because }) => [
      ruleName(path),
      signal,
      `${operator} ${writeNumber(from)}`,
      `${operator} ${writeNumber(to)}`,
      because,
    ]),
    'cards',
  );
}

function keptTable(numbers: Calibration['kept']): Markup {
  const table = reportTable(
    'Numbers that stay',
    ['rule', 'signal', 'number', 'state', 'why'],
    numbers.map(({ path, signal, value, state, because }) => [
      ruleName(path),
      signal,
      value === null ? null : writeNumber(value),
      state === 'default' ? 'default, not yet calibrated' : state,
      because,
    ]),
    'cards',
  );
  return unfolding(`${numbers.length} numbers that stay, and why`, table);
}
