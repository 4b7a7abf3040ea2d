import type { AccountAnswer } from '../../activation/answer.ts';
import type { Engines } from '../../pipeline/engines.ts';
import { type HomeAccount, homeOf } from '../../pipeline/home.ts';
import { sendNotReady } from '../problem.ts';
import type { ReadSide } from '../read-side.ts';
import { type Route, route } from '../route.ts';
import { homeBody } from '../schema/home.ts';

/** What the route of the three questions works with. */
interface HomeSide extends ReadSide {
  readonly engines: Engines;
}

/** The three questions (R136). */
export const HOME_ROUTES: readonly Route<HomeSide>[] = [
  route({
    name: 'home.get',
    method: 'GET',
    path: '/api/v1/home',
    group: 'accounts',
    summary:
      'Who your best customers are, who is most at risk, who you want more of; segments, and what changed since yesterday',
    description: 'From memory, as is said now; `bellwether home` prints the same of any day.',
    may: 'answers.read',
    load: 'read',
    answers: { 200: homeBody },
    refuses: ['not-ready'],
    handle: async ({ reply }, { engines, book, isReady }: HomeSide) => {
      const { asOf } = book;
      if (!isReady() || asOf === null) return sendNotReady(reply);
      const home = await homeOf(engines, [...book.accounts()].map(homeAccount), asOf);
      return reply.send({ asOf: new Date(asOf).toISOString(), ...home });
    },
  }),
];

function homeAccount(account: AccountAnswer): HomeAccount {
  const { accountId, name, relationship, eligible, segment, since, home, valueTier, valueScore } = account;
  const { arr, health, csm, archetype, job, firmographics } = account;
  return {
    ...{ accountId, name, relationship, eligible, segment, home, valueTier, valueScore },
    ...{ arr, health, csm, archetype, job, firmographics },
    since: since === null ? null : new Date(since).toISOString(),
  };
}
