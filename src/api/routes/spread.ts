import type { Engines } from '../../pipeline/engines.ts';
import type { Spread } from '../../pipeline/signal-spread.ts';
import type { SpreadKeeper } from '../../pipeline/spread-keeper.ts';
import type { SpreadReport } from '../../pipeline/spread-report.ts';
import { type Route, route } from '../route.ts';
import { draftSpreadBody, draftToSpread, spreadBody } from '../schema/spread.ts';
import { readDraft } from './model.ts';

/** What the routes of spreads work with. */
export interface SpreadSide {
  readonly engines: Engines;
  readonly spreads: SpreadKeeper;
}

const MOST_BYTES = 2_000_000;

/** How signals spread, as they are and as a draft would have them. */
export const SPREAD_ROUTES: readonly Route<SpreadSide>[] = [
  route({
    name: 'signals.spread',
    method: 'GET',
    path: '/api/v1/signals/spread',
    group: 'model',
    summary:
      'How every signal spreads among customers: known, unknown with the reason, quantiles and bins; who is left out',
    description: 'As `bellwether signals spread --json`.',
    may: 'model.read',
    load: 'read',
    answers: { 200: spreadBody },
    refuses: ['no-as-of', 'not-ready'],
    handle: async (_, { spreads }: SpreadSide) => spreadBodyOf(await spreads.standing()),
  }),
  route({
    name: 'signals.spread_of_draft',
    method: 'POST',
    path: '/api/v1/signals/spread/preview',
    group: 'model',
    summary: 'How signals of a draft would spread beside those in force, and who would be left out; nothing is changed',
    description: 'As `bellwether signals spread FILE --json`, which measures all.',
    may: 'model.read',
    load: 'read',
    changes: null,
    bodyLimit: MOST_BYTES,
    body: draftToSpread,
    answers: { 200: draftSpreadBody },
    refuses: ['no-as-of', 'not-ready'],
    handle: async ({ body: { text, measure, renamed } }, { engines, spreads }: SpreadSide) => {
      const { model, diagnostics } = readDraft(text, engines);
      const spread =
        model === null ? null : spreadBodyOf(await spreads.preview(model, { isMeasured: measure, renamed }));
      return { diagnostics, spread };
    },
  }),
];

function spreadBodyOf(report: SpreadReport) {
  return {
    ...report,
    signals: report.signals.map((signal) => ({
      ...signal,
      before: signal.before === null ? null : spreadPartOf(signal.before),
      after: signal.after === null ? null : spreadPartOf(signal.after),
    })),
  };
}

function spreadPartOf({ unknown: { missing, not_yet: notYet, none }, ...rest }: Spread) {
  return { ...rest, unknown: { missing, notYet, none } };
}
