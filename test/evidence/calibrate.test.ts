import { expect, test } from 'vitest';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import { parseModel } from '../../src/definition/parse.ts';
import { calibrate } from '../../src/evidence/calibrate.ts';
import type { ThresholdRow } from '../../src/evidence/threshold.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';

const text = writeDefaultModel();
const { model } = parseModel(text, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
if (model === null) throw new Error('the default model is refused');

function rowOf(signal: string, some: Partial<ThresholdRow>): ThresholdRow {
  return {
    signal,
    leak: null,
    own: false,
    cut: -0.24,
    next: -0.236,
    cutInterval: [-0.28, -0.2],
    side: 'below',
    n: 900,
    events: 80,
    unknown: 0,
    shareAtRisk: 0.2,
    p: 0.005,
    q: 0.01,
    tried: 40,
    tested: { n: 900, events: 60, hazardRatio: 3, interval: [2, 4.5], p: 0.001 },
    testedSeen: null,
    testedNew: null,
    horizonDays: 180,
    split: '2026-03-09T00:00:00.000Z',
    renewalShare: 0.5,
    modelThresholds: [],
    verdict: 'holds',
    needed: null,
    sentence: '',
    ...some,
  };
}

/** The text with a unified diff applied, hunk by hunk. */
function patched(original: string, diff: string): string {
  const lines = original.split('\n');
  const out: string[] = [];
  let at = 0;
  for (const line of diff.split('\n').slice(2, -1)) {
    const head = /^@@ -(\d+),/.exec(line);
    if (head !== null) {
      while (at < Number(head[1]) - 1) out.push(lines[at++] ?? '');
    } else if (line.startsWith('+')) out.push(line.slice(1));
    else {
      expect(lines[at]).toBe(line.slice(1));
      if (line.startsWith(' ')) out.push(lines[at] ?? '');
      at += 1;
    }
  }
  return [...out, ...lines.slice(at)].join('\n');
}

test('a threshold that holds becomes a diff that keeps every comment and changes one number', () => {
  const { proposals, diff } = calibrate(model, text, [rowOf('momentum_60d', {})]);
  expect(proposals).toMatchObject([{ path: 'cohorts.At Risk', operator: '<=', from: -0.5, to: -0.24 }]);
  const changed = patched(text, diff);
  const again = parseModel(changed, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  expect(again.model?.cohorts.find(({ name }) => name === 'At Risk')?.when?.text).toMatch(
    /^\(momentum_60d <= -0\.24 and/,
  );
  expect(again.model?.defaulted).not.toContain('cohorts.At Risk');
  const comments = (words: string) => words.split('\n').filter((line) => line.includes('#')).length;
  expect(comments(changed)).toBe(comments(text) + 1);
  expect(changed).toContain('# calibrated: momentum_60d <= -0.24, was -0.5.');
});

test('where the rule as a whole would not stand, nothing of it is proposed', () => {
  const trial = (low: number) => () =>
    ({
      share: [0.05, 0.6],
      hazardRatio: [3, 1.2],
      interval: [
        [2, 4],
        [low, 1.6],
      ],
    }) as const;
  const rows = [rowOf('momentum_60d', {})];
  expect(calibrate(model, text, rows, trial(0.9))).toMatchObject({
    proposals: [],
    diff: '',
    rules: [{ stands: false }],
  });
  const { proposals, rules } = calibrate(model, text, rows, trial(1.1));
  expect(proposals[0]?.because).toMatch(/would hold for 60% of customers \(now 5%\)/);
  expect(rules[0]?.to).toMatch(/^\(momentum_60d <= -0\.24 and/);
});

test('what is within the interval of the cut is confirmed and stays', () => {
  const { proposals, kept, diff } = calibrate(model, text, [rowOf('momentum_60d', { cutInterval: [-0.6, -0.2] })]);
  expect([proposals, diff]).toEqual([[], '']);
  expect(kept.find(({ signal }) => signal === 'momentum_60d')).toMatchObject({ state: 'confirmed', value: -0.5 });
});

test('too little data, the wrong side, leaks and guards change nothing, each with its reason', () => {
  const { proposals, kept } = calibrate(model, text, [
    rowOf('momentum_60d', { side: 'above' }),
    rowOf('activity_z_14d', {}),
    rowOf('activity_change_14d', {
      verdict: 'too_little_data',
      needed: { reason: '12 outcomes in all', accounts: null },
    }),
    rowOf('days_to_renewal', { leak: 'outcome' }),
    rowOf('power_users', { cut: 0, next: 1, cutInterval: [0, 0] }),
  ]);
  const because = (signal: string) => kept.find((each) => each.signal === signal && each.path !== 'x')?.because;
  expect(proposals).toEqual([]);
  expect(because('momentum_60d')).toMatch(/not what the rule means/);
  expect(because('activity_z_14d')).toMatch(/guards the rule/);
  expect(because('activity_change_14d')).toMatch(/12 outcomes/);
  expect(because('days_to_renewal')).toMatch(/outcome or its date/);
  expect(because('power_users')).toMatch(/several numbers/);
});

test('every default is either proposed or kept', () => {
  const { kept } = calibrate(model, text, []);
  expect(new Set(kept.map(({ path }) => path))).toEqual(new Set(model.defaulted));
});
