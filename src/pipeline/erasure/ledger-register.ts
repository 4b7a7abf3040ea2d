import { of, type TableRecord } from './treatment.ts';

/** Every table of the ledger. */
export const LEDGER_RECORDS: readonly TableRecord[] = [
  {
    table: 'moves',
    columns: {
      ...of('json', 'evidence'),
      ...of('account', 'account_id'),
      ...of('thing', 'from_segment to_segment home_segment cause'),
      ...of('hash', 'model_version run_id'),
      ...of('measure', 'move_id at recorded_at'),
    },
  },
  {
    table: 'runs',
    columns: {
      ...of('json', 'summary'),
      ...of('hash', 'run_id model_version'),
      ...of('measure', 'as_of started_at finished_at'),
    },
  },
  {
    table: 'assignments',
    columns: {
      ...of('json', 'waiting'),
      ...of('account', 'account_id'),
      ...of('thing', 'segment home raw'),
      ...of('hash', 'model_version run_id'),
      ...of('measure', 'since as_of overridden held'),
    },
  },
  {
    table: 'overrides',
    columns: {
      ...of('words', 'reason'),
      ...of('operator', 'author'),
      ...of('account', 'account_id'),
      ...of('thing', 'segment'),
      ...of('measure', 'override_id set_at expires_at ended_at'),
    },
  },
  {
    table: 'holds',
    columns: {
      ...of('words', 'reason decision_reason'),
      ...of('json', 'moves'),
      ...of('operator', 'decided_by'),
      ...of('hash', 'run_id'),
      ...of('measure', 'hold_id opened_at status decided_at'),
    },
  },
  {
    table: 'reviews',
    columns: {
      ...of('words', 'note'),
      ...of('operator', 'closed_by'),
      ...of('measure', 'kind due_on opened_at closed_at'),
    },
  },
  {
    table: 'audit_log',
    columns: {
      ...of('words', 'subject'),
      ...of('json', 'details'),
      ...of('operator', 'who by ip_address'),
      ...of('thing', 'action'),
      ...of('measure', 'entry_id at'),
    },
  },
  {
    table: 'audit_outcomes',
    columns: {
      ...of('words', 'subject'),
      ...of('json', 'details'),
      ...of('operator', 'who by'),
      ...of('measure', 'entry_id at outcome'),
    },
  },
  {
    table: 'model_versions',
    columns: {
      ...of('told', 'text'),
      ...of('words', 'note'),
      ...of('operator', 'author'),
      ...of('hash', 'version'),
      ...of('measure', 'published_at'),
    },
  },
  {
    table: 'publications',
    columns: {
      ...of('told', 'text changes'),
      ...of('words', 'note'),
      ...of('operator', 'author'),
      ...of('hash', 'version version_before'),
      ...of('measure', 'publication_id published_at adopted_at'),
    },
  },
  {
    table: 'api_keys',
    columns: {
      ...of('operator', 'name created_by'),
      ...of('hash', 'hash hint'),
      ...of('measure', 'key_id scope created_at last_used_at revoked_at'),
    },
  },
  { table: 'roles_held', columns: of('measure', 'role holder fence until') },
  { table: 'setup_links', columns: { ...of('hash', 'hash'), ...of('measure', 'created_at expires_at used_at') } },
  {
    table: 'operators',
    columns: of('operator', 'id name email email_verified image role disabled_at created_at updated_at'),
  },
  {
    table: 'operator_sessions',
    columns: of('operator', 'id expires_at token created_at updated_at ip_address user_agent operator_id'),
  },
  {
    table: 'operator_credentials',
    columns: {
      ...of('operator', 'id subject provider operator_id access_token refresh_token id_token access_token_expires_at'),
      ...of('operator', 'refresh_token_expires_at scope password created_at updated_at'),
    },
  },
  { table: 'operator_tokens', columns: of('operator', 'id identifier value expires_at created_at updated_at') },
  { table: 'sign_in_failures', columns: of('operator', 'email place failures last_at locked_until') },
  {
    table: 'invitations',
    columns: of('operator', 'invitation_id hash email role invited_by created_at expires_at accepted_at withdrawn_at'),
  },
  {
    table: 'evidence_answers',
    columns: {
      ...of('words', 'answer'),
      ...of('thing', 'question'),
      ...of('hash', 'model_version holder failure'),
      ...of('measure', 'asked state until asked_at as_of computed_at'),
    },
  },
  {
    table: 'idempotent_requests',
    columns: {
      ...of('words', 'answer'),
      ...of('operator', 'actor key'),
      ...of('hash', 'request content_type'),
      ...of('measure', 'begun_at status'),
    },
  },
  { table: 'erasure_key', columns: of('hash', 'only_one key') },
  {
    table: 'erasures',
    columns: {
      ...of('hash', 'subject'),
      ...of('account', 'account_id accounts'),
      ...of('operator', 'begun_by'),
      // Says whom it is about while the erasure is under way; the last step empties it.
      ...of('measure', 'work'),
      ...of('told', 'receipt'),
      ...of('measure', 'erasure_id begun_at status removed_at finished_at'),
    },
  },
  {
    table: 'suppressions',
    columns: {
      ...of('hash', 'hash'),
      ...of('operator', 'lifted_by'),
      ...of('measure', 'kind erasure_id since lifted_at'),
    },
  },
  {
    table: 'backups',
    columns: {
      ...of('origin', 'folder'),
      ...of('operator', 'begun_by'),
      ...of('hash', 'model_version'),
      ...of('measure', 'backup_id begun_at status finished_at rows bytes failure'),
    },
  },
  {
    table: 'saved_views',
    columns: {
      // A search may hold the id or the name of a user.
      ...of('words', 'name search'),
      ...of('operator', 'operator_id'),
      ...of('thing', 'page'),
      ...of('measure', 'view_id saved_at'),
    },
  },
  { table: 'ddl_steps', columns: of('hash', 'step checksum applied_at') },
];
