/** A row of `accounts`, as the input contract names its columns; instants are dates, missing text is '' or null. */
export interface AccountRow {
  readonly account_id: string;
  readonly created: Date | null;
  readonly lead_created: Date | null;
  readonly name: string | null;
  readonly domain: string | null;
  readonly employees: number | null;
  readonly revenue: number | null;
  readonly industry: string | null;
  readonly sub_industry: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly funding_stage: string | null;
  readonly tech_stack: readonly string[];
  readonly addressable_seats: number | null;
  readonly parent_id: string | null;
  readonly csm: string | null;
  readonly ae: string | null;
  readonly traits: Readonly<Record<string, string>>;
}

/** A row of `users`: one person in one account, from a day on. */
export interface UserRow {
  readonly user_id: string;
  readonly account_id: string;
  readonly email: string | null;
  readonly role: string | null;
  readonly seniority: string | null;
  readonly department: string | null;
  readonly is_sponsor: boolean | null;
  readonly is_champion: boolean | null;
  readonly from: Date | null;
  readonly to: Date | null;
  readonly traits: Readonly<Record<string, string>>;
}

/** A row of `events`. `source` names the source it came from where the table has several; the first one otherwise. */
export interface EventRow {
  readonly event: string;
  readonly time: Date;
  readonly user_id: string | null;
  readonly account_id: string | null;
  readonly message_id: string | null;
  readonly session_id: string | null;
  readonly properties: Readonly<Record<string, string>>;
  readonly source?: string;
}

/** A row of `contracts`: one version of one contract; `arr` is a decimal in the row's currency. */
export interface ContractRow {
  readonly account_id: string;
  readonly starts: Date;
  readonly arr: number;
  readonly contract_id: string | null;
  readonly known: Date | null;
  readonly term_ends: Date | null;
  readonly notice: Date | null;
  readonly ends: Date | null;
  readonly kind: string | null;
  readonly currency: string | null;
  readonly seats: number | null;
  readonly quota: number | null;
  readonly usage_unit: string | null;
  readonly plan: string | null;
  readonly billing_months: number | null;
}

/** A row of `tickets`. */
export interface TicketRow {
  readonly account_id: string;
  readonly opened: Date;
  readonly ticket_id: string | null;
  readonly closed: Date | null;
  readonly priority: string | null;
  readonly user_id: string | null;
  readonly theme: string | null;
}

/** A row of `nps`. */
export interface NpsRow {
  readonly account_id: string;
  readonly time: Date;
  readonly score: number;
  readonly response_id: string | null;
  readonly user_id: string | null;
  readonly comment: string | null;
}

/** A row of `costs`; `amount` is a decimal in the workspace's currency. */
export interface CostRow {
  readonly account_id: string;
  readonly time: Date;
  readonly amount: number;
  readonly cost_id: string | null;
  readonly kind: string | null;
}

/** A row of `touches`. */
export interface TouchRow {
  readonly account_id: string;
  readonly time: Date;
  readonly kind: string;
  readonly touch_id: string | null;
  readonly user_id: string | null;
}

/** A row of `needs`: one coded statement. */
export interface NeedRow {
  readonly account_id: string;
  readonly job: string;
  readonly time: Date;
  readonly maturity: string | null;
  readonly decision_process: string | null;
  readonly success_criteria: string | null;
  readonly integration_need: string | null;
  readonly second_job: string | null;
  readonly source: string | null;
  readonly quote: string | null;
  readonly coded_by: string | null;
}

/** A row of `releases`. */
export interface ReleaseRow {
  readonly feature: string;
  readonly time: Date;
  readonly jobs: readonly string[];
}

/** A row of `opportunities`: one change of stage. */
export interface OpportunityRow {
  readonly opportunity_id: string;
  readonly account_id: string;
  readonly time: Date;
  readonly stage: string;
  readonly created: Date | null;
  readonly won: Date | null;
  readonly amount: number | null;
  readonly kind: string | null;
  readonly job: string | null;
}

/** A row of `identities`. */
export interface IdentityRow {
  readonly time: Date;
  readonly user_id: string;
  readonly anonymous_id: string | null;
  readonly previous_id: string | null;
}

/** A row of `account_links`. */
export interface AccountLinkRow {
  readonly account_id: string;
  readonly into_account_id: string;
  readonly at: Date;
  readonly kind: string;
}

/** A row of `traits`. */
export interface TraitRow {
  readonly entity: string;
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly account_id: string | null;
  readonly from: Date | null;
}

/** A row of `meters`; the value is an increment. */
export interface MeterRow {
  readonly account_id: string;
  readonly time: Date;
  readonly meter: string;
  readonly value: number;
}

/** A row of `rates`: workspace currency per unit from a day on. */
export interface RateRow {
  readonly currency: string;
  readonly from: Date;
  readonly per_unit: number;
}

/** A row of `notes`. */
export interface NoteRow {
  readonly account_id: string;
  readonly time: Date;
  readonly author: string;
  readonly text: string;
  readonly kind: string | null;
}

/** All facts of a small world, one array per fact table, in the order in which they arrived. */
export interface Facts {
  readonly accounts: readonly AccountRow[];
  readonly users: readonly UserRow[];
  readonly events: readonly EventRow[];
  readonly contracts: readonly ContractRow[];
  readonly tickets: readonly TicketRow[];
  readonly nps: readonly NpsRow[];
  readonly costs: readonly CostRow[];
  readonly touches: readonly TouchRow[];
  readonly needs: readonly NeedRow[];
  readonly releases: readonly ReleaseRow[];
  readonly opportunities: readonly OpportunityRow[];
  readonly identities: readonly IdentityRow[];
  readonly account_links: readonly AccountLinkRow[];
  readonly traits: readonly TraitRow[];
  readonly meters: readonly MeterRow[];
  readonly rates: readonly RateRow[];
  readonly notes: readonly NoteRow[];
}
