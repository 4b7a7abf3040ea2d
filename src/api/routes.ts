import type { Route } from './route.ts';
import { ACCOUNT_LIST_ROUTES } from './routes/account-list.ts';
import { ACCOUNT_PART_ROUTES } from './routes/account-parts.ts';
import { ACCOUNT_ROUTES } from './routes/accounts.ts';
import { ACTIVATION_ROUTES } from './routes/activation.ts';
import { AUDIT_ROUTES } from './routes/audit.ts';
import { DATA_ROUTES } from './routes/data.ts';
import { NOTE_ROUTES, OVERRIDE_ROUTES } from './routes/decisions.ts';
import { DOCUMENT_ROUTES } from './routes/document.ts';
import { EVIDENCE_ROUTES } from './routes/evidence.ts';
import { EXPERIENCE_ROUTES } from './routes/experience.ts';
import { EXPORT_ROUTES } from './routes/exports.ts';
import { FRESHNESS_ROUTES } from './routes/freshness.ts';
import { HEALTH_ROUTES } from './routes/health.ts';
import { HOLD_ROUTES } from './routes/holds.ts';
import { HOME_ROUTES } from './routes/home.ts';
import { INVITATION_ROUTES } from './routes/invitations.ts';
import { KEY_ROUTES } from './routes/keys.ts';
import { KNOWN_ROUTES } from './routes/known.ts';
import { METRICS_ROUTES } from './routes/metrics.ts';
import { MODEL_ROUTES, PUBLICATION_ROUTES } from './routes/model.ts';
import { OFREP_ROUTES } from './routes/ofrep.ts';
import { OPERATION_ROUTES } from './routes/operation.ts';
import { PASSWORD_ROUTES } from './routes/passwords.ts';
import { PEOPLE_ROUTES } from './routes/people.ts';
import { SEGMENT_ROUTES } from './routes/segments.ts';
import { SESSION_ROUTES } from './routes/session.ts';
import { SETUP_ROUTES } from './routes/setup.ts';
import { SIGNAL_ROUTES } from './routes/signals.ts';
import { SPREAD_ROUTES } from './routes/spread.ts';
import { STREAM_ROUTES } from './routes/stream.ts';
import { TRACKING_ROUTES } from './routes/tracking.ts';
import { TREND_ROUTES } from './routes/trends.ts';
import { UPLOAD_ROUTES } from './routes/uploads.ts';
import { USER_ROUTES } from './routes/users.ts';
import { VIEW_ROUTES } from './routes/views.ts';
import { WORKSPACE_ROUTES } from './routes/workspace.ts';

/** What all routes together work with. */
export type ServerParts = NeedsOf<typeof LISTED>;

type NeedsOf<Lists> = UnionToIntersection<Lists extends readonly (readonly Route<infer Needs>[])[] ? Needs : never>;
type UnionToIntersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

const LISTED = [
  TRACKING_ROUTES,
  OFREP_ROUTES,
  EXPERIENCE_ROUTES,
  ACCOUNT_LIST_ROUTES,
  ACCOUNT_ROUTES,
  ACCOUNT_PART_ROUTES,
  TREND_ROUTES,
  HOME_ROUTES,
  VIEW_ROUTES,
  WORKSPACE_ROUTES,
  USER_ROUTES,
  ACTIVATION_ROUTES,
  SIGNAL_ROUTES,
  SPREAD_ROUTES,
  SEGMENT_ROUTES,
  STREAM_ROUTES,
  DATA_ROUTES,
  FRESHNESS_ROUTES,
  UPLOAD_ROUTES,
  KNOWN_ROUTES,
  EVIDENCE_ROUTES,
  EXPORT_ROUTES,
  OVERRIDE_ROUTES,
  NOTE_ROUTES,
  HOLD_ROUTES,
  MODEL_ROUTES,
  PUBLICATION_ROUTES,
  KEY_ROUTES,
  SETUP_ROUTES,
  SESSION_ROUTES,
  PASSWORD_ROUTES,
  INVITATION_ROUTES,
  PEOPLE_ROUTES,
  AUDIT_ROUTES,
  HEALTH_ROUTES,
  METRICS_ROUTES,
  OPERATION_ROUTES,
  DOCUMENT_ROUTES,
] as const;

/** Every route of the server. */
export const ROUTES: readonly Route<ServerParts>[] = LISTED.flat();
