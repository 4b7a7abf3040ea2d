import { of, type TableRecord, type Treatment } from './treatment.ts';

const ORIGIN = {
  ...{ fact_key: 'hash', content: 'hash', source: 'origin', file: 'origin', line: 'origin', received_at: 'measure' },
} as const satisfies Record<string, Treatment>;

/** Every table of the warehouse, in the order in which it is erased. */
export const WAREHOUSE_RECORDS: readonly TableRecord[] = [
  {
    table: 'arrivals',
    columns: {
      ...of('person', 'user_id previous_id anonymous_id'),
      ...of('entries', 'properties'),
      ...of('words', 'value'),
      ...of('account', 'account_id'),
      ...of('thing', 'event message_id session_id name'),
      ...of('measure', 'slot batch position into time entity received_at'),
    },
  },
  {
    table: 'quarantine',
    columns: {
      ...of('raw', 'raw message'),
      ...of('hash', 'raw_key import_id'),
      ...of('origin', 'table_name source file line field reason'),
      ...of('measure', 'received_at'),
    },
  },
  {
    table: 'events',
    columns: {
      ...ORIGIN,
      ...of('person', 'user_id'),
      ...of('entries', 'properties'),
      ...of('account', 'account_id'),
      ...of('thing', 'event message_id session_id'),
      ...of('measure', 'time'),
    },
  },
  {
    table: 'users',
    isRegister: true,
    columns: {
      ...ORIGIN,
      ...of('person', 'user_id'),
      ...of('words', 'email'),
      ...of('entries', 'traits'),
      ...of('account', 'account_id'),
      ...of('thing', 'role seniority department'),
      ...of('measure', 'is_sponsor is_champion from to assumed'),
    },
  },
  {
    table: 'traits',
    isRegister: true,
    where: `entity = 'user'`,
    columns: {
      ...ORIGIN,
      ...of('person', 'id'),
      ...of('words', 'value'),
      ...of('account', 'account_id'),
      ...of('thing', 'name'),
      ...of('measure', 'entity from assumed'),
    },
  },
  {
    table: 'accounts',
    isRegister: true,
    columns: {
      ...ORIGIN,
      ...of('account', 'account_id parent_id'),
      ...of('entries', 'traits'),
      ...of('operator', 'csm ae'),
      ...of('told', 'name domain'),
      ...of('thing', 'industry sub_industry country region funding_stage tech_stack'),
      ...of('measure', 'created lead_created employees revenue addressable_seats assumed'),
    },
  },
  {
    table: 'tickets',
    columns: {
      ...ORIGIN,
      ...of('mention', 'user_id'),
      ...of('words', 'theme'),
      ...of('account', 'account_id'),
      ...of('thing', 'ticket_id priority'),
      ...of('measure', 'opened closed'),
    },
  },
  {
    table: 'nps',
    columns: {
      ...ORIGIN,
      ...of('person', 'user_id'),
      ...of('words', 'comment'),
      ...of('account', 'account_id'),
      ...of('thing', 'response_id'),
      ...of('measure', 'time score'),
    },
  },
  {
    table: 'touches',
    columns: {
      ...ORIGIN,
      ...of('person', 'user_id'),
      ...of('account', 'account_id'),
      ...of('thing', 'touch_id kind'),
      ...of('measure', 'time'),
    },
  },
  {
    table: 'needs',
    columns: {
      ...of('hash', 'fact_key content'),
      ...of('origin', 'origin file line'),
      ...of('words', 'maturity decision_process success_criteria integration_need quote coded_by'),
      ...of('account', 'account_id'),
      ...of('thing', 'job second_job source'),
      ...of('measure', 'time received_at'),
    },
  },
  {
    table: 'notes',
    columns: {
      ...ORIGIN,
      ...of('words', 'author text'),
      ...of('account', 'account_id'),
      ...of('thing', 'kind'),
      ...of('measure', 'time'),
    },
  },
  {
    table: 'identities',
    columns: { ...ORIGIN, ...of('person', 'user_id anonymous_id previous_id'), ...of('measure', 'time') },
  },
  {
    table: 'book',
    columns: {
      ...of('touched', 'account_id'),
      ...of('raw', 'entry'),
      ...of('hash', 'model_version'),
      ...of('measure', 'seq written_at'),
    },
  },
  {
    table: 'imports',
    columns: {
      ...of('words', 'report'),
      ...of('hash', 'import_id'),
      ...of('measure', 'started_at status received_at'),
    },
  },
  {
    table: 'contracts',
    columns: {
      ...ORIGIN,
      ...of('account', 'account_id'),
      ...of('thing', 'contract_id kind currency usage_unit plan'),
      ...of('measure', 'starts arr_cents known term_ends notice ends seats quota billing_months'),
    },
  },
  {
    table: 'costs',
    columns: {
      ...ORIGIN,
      ...of('account', 'account_id'),
      ...of('thing', 'cost_id kind'),
      ...of('measure', 'time amount_cents'),
    },
  },
  {
    table: 'releases',
    columns: { ...ORIGIN, ...of('thing', 'feature jobs'), ...of('measure', 'time') },
  },
  {
    table: 'opportunities',
    columns: {
      ...ORIGIN,
      ...of('account', 'account_id'),
      ...of('thing', 'opportunity_id stage kind job'),
      ...of('measure', 'time created won amount_cents'),
    },
  },
  {
    table: 'account_links',
    columns: { ...ORIGIN, ...of('account', 'account_id into_account_id'), ...of('measure', 'at kind') },
  },
  {
    table: 'meters',
    columns: { ...ORIGIN, ...of('account', 'account_id'), ...of('thing', 'meter'), ...of('measure', 'time value') },
  },
  { table: 'rates', columns: { ...ORIGIN, ...of('thing', 'currency'), ...of('measure', 'from per_unit') } },
  {
    table: 'coverage',
    columns: {
      ...of('origin', 'source table_name'),
      ...of('measure', 'covers_from complete_through carries_users rows received_at'),
    },
  },
  {
    table: 'answers',
    columns: {
      ...of('hash', 'model_version'),
      ...of('account', 'account_id'),
      ...of('measure', 'as_of relationship eligible home raw likely cohort value_tier arr last_event_days computed_at'),
    },
  },
  {
    table: 'rankings',
    columns: {
      ...of('hash', 'model_version facts'),
      ...of('account', 'account_id'),
      ...of('measure', 'at score place ranked computed_at'),
    },
  },
  { table: 'settled_batches', columns: of('measure', 'slot batch settled_at') },
  {
    table: 'live_marks',
    columns: { ...of('hash', 'model_version'), ...of('measure', 'received_through written_at') },
  },
  {
    table: 'area_evidence',
    columns: {
      ...of('hash', 'model_version'),
      ...of('thing', 'segment area reason'),
      ...of('measure', 'computed_at as_of verdict difference difference_low difference_high'),
      ...of('measure', 'accounts_with accounts_without age_days horizon_days'),
    },
  },
  { table: 'ddl_steps', columns: of('hash', 'step checksum applied_at') },
];
