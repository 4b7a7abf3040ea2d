import { describe, expect, test } from 'vitest';
import type { AccountAnswer, UserAnswer } from '../../src/activation/answer.ts';
import { AnswerBook } from '../../src/activation/book.ts';
import { experienceOf } from '../../src/activation/experience.ts';
import { FLAGS, flagNamed } from '../../src/activation/flag.ts';
import { guideOf } from '../../src/activation/guide.ts';
import { account, defaultModel, entry, user } from './entry.ts';

const guide = guideOf(defaultModel(), []);

function told(of: Partial<UserAnswer>, inside: Partial<AccountAnswer> = {}) {
  const book = new AnswerBook();
  book.put(entry(account('a', inside), user('u', of)));
  const answer = experienceOf(book, guide, { userId: 'u', accountId: null });
  if (answer.kind !== 'told') throw new Error(answer.kind);
  return answer.experience;
}

describe('which account', () => {
  const book = new AnswerBook();
  book.put(entry(account('a'), user('u'), user('v', { tier: 'power' })));
  book.put(entry(account('b', { segment: 'Strategic' }), user('v', { tier: 'dormant' })));
  const ask = (userId: string, accountId: string | null) => experienceOf(book, guide, { userId, accountId });

  test('the only one, or the one that is named; the answers differ', () => {
    expect(ask('u', null)).toMatchObject({ kind: 'told', experience: { account: { id: 'a' }, segment: 'Growth' } });
    expect(ask('v', 'a')).toMatchObject({ kind: 'told', experience: { tier: 'power', segment: 'Growth' } });
    expect(ask('v', 'b')).toMatchObject({ kind: 'told', experience: { tier: 'dormant', segment: 'Strategic' } });
  });

  test('of several it does not choose, and a stranger is one', () => {
    expect(ask('v', null)).toEqual({ kind: 'account-needed', accounts: ['a', 'b'] });
    expect(ask('u', 'b')).toEqual({ kind: 'not-in-account', accounts: ['a'] });
    expect(ask('w', null)).toEqual({ kind: 'unknown-user' });
    expect(ask('w', 'a')).toEqual({ kind: 'unknown-user' });
  });
});

describe('what is shown', () => {
  test('an at-risk user sees the step where they stopped, and nothing new (R133)', () => {
    const experience = told({ tier: 'at_risk', stalledStep: 'report_exported', stepsReached: 2 });
    expect(experience.nextStep).toEqual({ step: 'report_exported', position: 3, of: 3 });
    expect(experience.nextFeatures.features).toEqual([]);
    expect(experience.doNotShow).toEqual({
      features: [{ feature: 'workspace', because: 'finished' }],
      steps: ['report_opened', 'report_created'],
      newFeatures: true,
    });
  });

  test('a new user sees the next step at once, another user only one at which they stopped', () => {
    expect(told({ tier: 'new', stepsReached: 1 }).nextStep?.step).toBe('report_created');
    expect(told({ tier: 'new', stepsReached: 3 }).nextStep).toBeNull();
    expect(told({ tier: 'average', stepsReached: 1 }).nextStep).toBeNull();
    expect(told({ tier: 'average', stepsReached: 1, stalledStep: 'report_created' }).nextStep?.position).toBe(2);
  });

  test('what the model suppresses is not shown, and said to be so', () => {
    const { doNotShow } = told({ tier: 'average' }, { suppressed: ['alerts', 'workspace'] });
    expect(doNotShow.features).toEqual([
      { feature: 'alerts', because: 'suppressed' },
      { feature: 'workspace', because: 'suppressed' },
    ]);
    expect(doNotShow.newFeatures).toBe(false);
  });
});

describe('flags', () => {
  test('each key is there once, and each value has the type that it says', () => {
    expect(new Set(FLAGS.map(({ key }) => key)).size).toBe(FLAGS.length);
    const experience = told({ tier: 'new', stepsReached: 1, stalledStep: 'report_created' });
    for (const flag of FLAGS) {
      const answer = flag.read(experience);
      if (answer.kind === 'value') expect([flag.key, typeof answer.value]).toEqual([flag.key, flag.type]);
    }
    expect(flagNamed('segment')?.read(experience)).toEqual({ kind: 'value', value: 'Growth' });
    expect(flagNamed('next_step')?.read(experience)).toEqual({ kind: 'value', value: 'report_created' });
    expect(flagNamed('nothing')).toBeNull();
  });

  test('what is unknown has no value, and says why', () => {
    const nothing = { segment: null, cohort: null, lifecycle: null, archetype: null, valueTier: null };
    const experience = told({ tier: null }, nothing);
    const absent = FLAGS.filter((flag) => flag.read(experience).kind === 'absent').map(({ key }) => key);
    expect(absent).toEqual([
      'segment',
      'tier',
      'cohort',
      'lifecycle',
      'archetype',
      'value_tier',
      'stalled_step',
      'next_step',
      'next_best_feature',
    ]);
    expect(flagNamed('next_best_features')?.read(experience)).toMatchObject({
      kind: 'value',
      value: { features: [], whyNone: 'the tier of the user is unknown' },
    });
  });
});
