import { z } from 'zod';
import type { Engines } from './engines.ts';

/** What the files say of one account before an instant, as its page shows it. Days and instants are ISO text. */
export interface Dossier {
  readonly account: {
    readonly domain: string | null;
    readonly csm: string | null;
    readonly ae: string | null;
    readonly parentId: string | null;
    readonly createdAt: string | null;
    readonly addressableSeats: number | null;
    readonly techStack: readonly string[];
  } | null;
  /** The latest version of each, the latest start first. */
  readonly contracts: readonly Contract[];
  /** The latest first. */
  readonly tickets: readonly Ticket[];
  readonly ticketsOpen: number;
  readonly nps: readonly Answered[];
  readonly needs: readonly Need[];
  readonly sponsors: readonly Sponsor[];
}

interface Contract {
  readonly contractId: string;
  readonly kind: string;
  readonly plan: string | null;
  /** Each year, in `currency`. */
  readonly arr: number;
  readonly currency: string | null;
  readonly seats: number | null;
  readonly startsOn: string;
  readonly termEndsOn: string | null;
  readonly noticeOn: string | null;
  readonly endsOn: string | null;
}

interface Ticket {
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly priority: string | null;
  readonly theme: string | null;
  readonly userId: string | null;
}

interface Answered {
  readonly at: string;
  readonly score: number;
  readonly comment: string | null;
  readonly userId: string | null;
}

interface Need {
  readonly at: string;
  readonly job: string;
  readonly quote: string | null;
  readonly source: string | null;
  readonly maturity: string | null;
  readonly decisionProcess: string | null;
  readonly successCriteria: string | null;
  readonly secondJob: string | null;
}

interface Sponsor {
  readonly userId: string;
  readonly kind: 'sponsor' | 'champion';
  readonly role: string | null;
  readonly department: string | null;
  readonly fromOn: string | null;
  readonly untilOn: string | null;
}

const MOST = 50;
const ms = (column: string): string => `toUnixTimestamp64Milli(${column})`;
const iso = (column: string): string => `formatDateTime(${column}, '%Y-%m-%dT%H:%i:%SZ', 'UTC')`;
const maybeIso = (column: string): string => `if(isNull(${column}), NULL, ${iso(`assumeNotNull(${column})`)})`;
const maybeDay = (column: string): string => `if(isNull(${column}), NULL, toString(assumeNotNull(${column})))`;
const text = (column: string): string => `nullIf(toString(${column}), '')`;

const maybe = z.string().nullable();
const amount = z.coerce.number();

/** What the sources file about an account, those merged into it included: contracts, tickets, answers, needs and sponsors. */
export async function accountDossier(engines: Engines, accountId: string, before: number): Promise<Dossier> {
  const { warehouse } = engines;
  const merged = await warehouse.rows(
    `SELECT account_id FROM account_links WHERE into_account_id = {id: String} AND kind != 'split' AND ${ms('at')} < ${before}`,
    z.object({ account_id: z.string() }),
    { parameters: { id: accountId } },
  );
  const parameters = { id: accountId, accounts: [accountId, ...merged.map(({ account_id }) => account_id)] };
  const read = <Row>(sql: string, schema: z.ZodType<Row>): Promise<Row[]> =>
    warehouse.rows(sql, schema, { parameters });
  const [accounts, contracts, tickets, open, nps, needs, sponsors] = await Promise.all([
    read(ACCOUNT_SQL, accountSchema),
    read(contractSql(before), contractSchema),
    read(ticketSql(before), ticketSchema),
    read(openSql(before), z.object({ n: amount })),
    read(npsSql(before), npsSchema),
    read(needSql(before), needSchema),
    read(sponsorSql(before), sponsorSchema),
  ]);
  return { account: accounts[0] ?? null, contracts, tickets, ticketsOpen: open[0]?.n ?? 0, nps, needs, sponsors };
}

const OF = 'account_id IN {accounts: Array(String)}';

const accountSchema = z.object({
  domain: maybe,
  csm: maybe,
  ae: maybe,
  parentId: maybe,
  createdAt: maybe,
  addressableSeats: amount.nullable(),
  techStack: z.array(z.string()),
});

const ACCOUNT_SQL = `SELECT ${text('a.domain')} AS domain, ${text('a.csm')} AS csm, ${text('a.ae')} AS ae, ${text('a.parent_id')} AS parentId,
    ${maybeIso('a.created')} AS createdAt, a.addressable_seats AS addressableSeats, a.tech_stack AS techStack
  FROM accounts AS a WHERE a.account_id = {id: String} LIMIT 1`;

const contractSchema = z.object({
  contractId: z.string(),
  kind: z.string(),
  plan: maybe,
  arr: amount,
  currency: maybe,
  seats: amount.nullable(),
  startsOn: z.string(),
  termEndsOn: maybe,
  noticeOn: maybe,
  endsOn: maybe,
});

const contractSql = (
  before: number,
): string => `SELECT c.contract_id AS contractId, if(c.kind = '', 'paid', toString(c.kind)) AS kind, ${text('c.plan')} AS plan,
    c.arr_cents / 100 AS arr, ${text('c.currency')} AS currency, c.seats AS seats, toString(c.starts) AS startsOn,
    ${maybeDay('c.term_ends')} AS termEndsOn, ${maybeDay('c.notice')} AS noticeOn, ${maybeDay('c.ends')} AS endsOn
  FROM (SELECT * FROM contracts WHERE ${OF} AND ${ms('known')} < ${before} ORDER BY known DESC LIMIT 1 BY account_id, contract_id) AS c
  ORDER BY c.starts DESC, c.contract_id LIMIT ${MOST}`;

const ticketSchema = z.object({ openedAt: z.string(), closedAt: maybe, priority: maybe, theme: maybe, userId: maybe });

const closedBy = (before: number): string =>
  `if(isNull(t.closed) OR ${ms('assumeNotNull(t.closed)')} >= ${before}, NULL, t.closed)`;

const ticketSql = (
  before: number,
): string => `SELECT ${iso('t.opened')} AS openedAt, ${maybeIso(closedBy(before))} AS closedAt,
    ${text('t.priority')} AS priority, ${text('t.theme')} AS theme, ${text('t.user_id')} AS userId
  FROM tickets AS t WHERE ${OF} AND ${ms('t.opened')} < ${before} ORDER BY t.opened DESC LIMIT ${MOST}`;

const openSql = (before: number): string =>
  `SELECT count() AS n FROM tickets AS t WHERE ${OF} AND ${ms('t.opened')} < ${before} AND isNull(${closedBy(before)})`;

const npsSchema = z.object({ at: z.string(), score: amount, comment: maybe, userId: maybe });

const npsSql = (
  before: number,
): string => `SELECT ${iso('n.time')} AS at, n.score AS score, ${text('n.comment')} AS comment, ${text('n.user_id')} AS userId
  FROM nps AS n WHERE ${OF} AND ${ms('n.time')} < ${before} ORDER BY n.time DESC LIMIT ${MOST}`;

const needSchema = z.object({
  at: z.string(),
  job: z.string(),
  quote: maybe,
  source: maybe,
  maturity: maybe,
  decisionProcess: maybe,
  successCriteria: maybe,
  secondJob: maybe,
});

const needSql = (
  before: number,
): string => `SELECT ${iso('n.time')} AS at, toString(n.job) AS job, ${text('n.quote')} AS quote, ${text('n.origin')} AS source,
    ${text('n.maturity')} AS maturity, ${text('n.decision_process')} AS decisionProcess, ${text('n.success_criteria')} AS successCriteria,
    ${text('n.second_job')} AS secondJob
  FROM needs AS n WHERE ${OF} AND ${ms('n.time')} < ${before} ORDER BY n.time DESC LIMIT ${MOST}`;

const sponsorSchema = z.object({
  userId: z.string(),
  kind: z.enum(['sponsor', 'champion']),
  role: maybe,
  department: maybe,
  fromOn: maybe,
  untilOn: maybe,
});

const sponsorSql = (
  before: number,
): string => `SELECT u.user_id AS userId, if(u.is_sponsor = 1, 'sponsor', 'champion') AS kind, ${text('u.role')} AS role,
    ${text('u.department')} AS department, ${maybeIso('u.`from`')} AS fromOn,
    ${maybeIso(`if(isNull(u.\`to\`) OR ${ms('assumeNotNull(u.`to`)')} >= ${before}, NULL, u.\`to\`)`)} AS untilOn
  FROM users AS u WHERE ${OF} AND (u.is_sponsor = 1 OR u.is_champion = 1) AND (isNull(u.\`from\`) OR ${ms('assumeNotNull(u.`from`)')} < ${before})
  ORDER BY isNull(untilOn) DESC, u.\`from\` DESC, u.user_id LIMIT ${MOST}`;
