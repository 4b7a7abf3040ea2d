import { z } from 'zod';
import { overrideBody } from './decision.ts';
import { instant, maybeNumber, maybeText } from './words.ts';

const day = z.string().meta({ format: 'date' });

const contract = z.object({
  contractId: z.string(),
  kind: z.string(),
  plan: maybeText,
  arr: z.number().meta({ description: 'Each year, in its own currency' }),
  currency: maybeText.meta({ description: "Null: the workspace's" }),
  seats: maybeNumber,
  startsOn: day,
  termEndsOn: day.nullable(),
  noticeOn: day.nullable(),
  endsOn: day.nullable(),
});

const ticket = z.object({
  openedAt: instant,
  closedAt: instant.nullable(),
  priority: maybeText,
  theme: maybeText,
  userId: maybeText,
});

const need = z.object({
  at: instant,
  job: z.string(),
  quote: maybeText,
  source: maybeText,
  maturity: maybeText,
  decisionProcess: maybeText,
  successCriteria: maybeText,
  secondJob: maybeText,
});

const sponsor = z.object({
  userId: z.string(),
  kind: z.enum(['sponsor', 'champion']),
  role: maybeText,
  department: maybeText,
  fromOn: instant.nullable(),
  untilOn: instant.nullable().meta({ description: 'Null: still there' }),
});

/** What the files say of one account. */
export const dossierBody = z
  .object({
    account: z
      .object({
        domain: maybeText,
        csm: maybeText,
        ae: maybeText,
        parentId: maybeText,
        createdAt: instant.nullable(),
        addressableSeats: maybeNumber,
        techStack: z.array(z.string()),
      })
      .nullable(),
    contracts: z.array(contract),
    tickets: z.array(ticket),
    ticketsOpen: z.int(),
    nps: z.array(z.object({ at: instant, score: z.number(), comment: maybeText, userId: maybeText })),
    needs: z.array(need),
    sponsors: z.array(sponsor),
    override: overrideBody.nullable().meta({ description: 'The one that is in force' }),
  })
  .meta({
    id: 'Dossier',
    description: 'What the sources file about an account: contracts, tickets, answers, needs, sponsors',
  });

/** What happened to an account, the latest first. */
export const timelineBody = z.object({
  entries: z.array(z.object({ at: instant, kind: z.string(), title: z.string(), text: z.string() })),
});
