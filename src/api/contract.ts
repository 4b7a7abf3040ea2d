// What is said over the wire, as types alone, each of a schema: all that the client and the pages may know of the server.
import type { Said, Sent } from './said.ts';
import type { accountBody, accountItem, accountsBody, arrivalBody, explanationBody } from './schema/account.ts';
import type { activationBody } from './schema/activation.ts';
import type { callsBody, freshnessBody, importsBody, quarantineBody, unplannedBody } from './schema/data.ts';
import type {
  noteBody,
  notesBody,
  noteToWrite,
  overrideBody,
  overridesBody,
  overrideToSet,
  pulseToGive,
} from './schema/decision.ts';
import type { dossierBody, timelineBody } from './schema/dossier.ts';
import type { comingEvidence, evidenceBody, questionsBody } from './schema/evidence.ts';
import type { experienceBody } from './schema/experience.ts';
import type { decidedHoldBody, holdDecision, holdsBody } from './schema/hold.ts';
import type { homeBody } from './schema/home.ts';
import type { importReportBody } from './schema/import.ts';
import type { keysBody, keyToMake, madeKeyBody } from './schema/key.ts';
import type { knownBody, replayedBody, rowToReplay, tablesBody, taxonomyBody } from './schema/known.ts';
import type { migrationBody, mixBody, standingBody } from './schema/migration.ts';
import type {
  checkedModelBody,
  modelBody,
  modelDiffBody,
  modelToCheck,
  modelToPreview,
  modelToPublish,
  modelToRollBack,
  previewBody,
  publicationsBody,
  publishedBody,
  versionBody,
  versionsBody,
  vocabularyBody,
} from './schema/model.ts';
import type { moveBody } from './schema/move.ts';
import type {
  backupsBody,
  begunBackupBody,
  begunErasureBody,
  erasureOrder,
  erasurePlanBody,
  liftOrder,
  receiptsBody,
  retentionBody,
} from './schema/operation.ts';
import type {
  acceptance,
  auditBody,
  endedBody,
  invitationsBody,
  operatorBody,
  operatorChange,
  peopleBody,
  rolesBody,
  sentInvitationBody,
  sessionsBody,
  setupWish,
  waysBody,
  whoBody,
  wishToInvite,
} from './schema/people.ts';
import type { problemBody } from './schema/problem.ts';
import type { readinessBody } from './schema/readiness.ts';
import type { flowBody, movesBody, recordedBody, segmentsBody } from './schema/segment.ts';
import type { catalogueBody, signalRow, signalRowsBody } from './schema/signal.ts';
import type { draftSpreadBody, draftToSpread, spreadBody } from './schema/spread.ts';
import type { trendsBody } from './schema/trend.ts';
import type { pastUser, pastUsersBody, userItem, usersBody } from './schema/user.ts';
import type { viewsBody } from './schema/view.ts';
import type { workspaceBody } from './schema/workspace.ts';

/** One answer of `GET /api/v1/users/{id}/experience`: what the product shows a user, and what it does not. */
export type ExperienceBody = Said<typeof experienceBody>;

/** One answer of `GET /api/v1/accounts/{id}`. Instants are ISO text; nulls are unknown. */
export type AccountBody = Said<typeof accountBody>;

/** The last arrival of one input. */
export type ArrivalBody = Said<typeof arrivalBody>;

/** One recorded change of assignment, as `GET /api/v1/stream` sends it. */
export type MoveBody = Said<typeof moveBody>;

/** Whether answers can be had, and what keeps them. */
export type ReadinessBody = Said<typeof readinessBody>;

/** A refusal (RFC 9457), with what to do next; kinds add members of their own. */
export type ProblemBody = Said<typeof problemBody>;

/** An account in a list: what is said of it now, or what was recomputed as of a day. */
export type AccountItem = Said<typeof accountItem>;

/** One page of `GET /api/v1/accounts`. */
export type AccountsBody = Said<typeof accountsBody>;

/** One answer of `GET /api/v1/accounts/{id}/explain`. */
export type ExplanationBody = Said<typeof explanationBody>;

/** A user in an account, as is said now. */
export type UserItem = Said<typeof userItem>;

/** One page of `GET /api/v1/users`. */
export type UsersBody = Said<typeof usersBody>;

/** A user in an account, recomputed as of a day. */
export type PastUserBody = Said<typeof pastUser>;

/** One answer of `GET /api/v1/activation`. */
export type ActivationBody = Said<typeof activationBody>;

/** One answer of `GET /api/v1/signals`. */
export type CatalogueBody = Said<typeof catalogueBody>;

/** One page of `GET /api/v1/users/as-of`. */
export type PastUsersBody = Said<typeof pastUsersBody>;

/** One answer of `GET /api/v1/accounts/{id}/dossier`. */
export type DossierBody = Said<typeof dossierBody>;

/** One answer of `GET /api/v1/accounts/{id}/timeline`. */
export type TimelineBody = Said<typeof timelineBody>;

/** One answer of `GET /api/v1/trends`. */
export type TrendsBody = Said<typeof trendsBody>;

/** One answer of `GET /api/v1/freshness`. */
export type FreshnessBody = Said<typeof freshnessBody>;

/** One answer of `GET /api/v1/home`. */
export type HomeBody = Said<typeof homeBody>;

/** One answer of `GET /api/v1/views`. */
export type ViewsBody = Said<typeof viewsBody>;

/** One answer of `GET /api/v1/workspace`. */
export type WorkspaceBody = Said<typeof workspaceBody>;

/** The signals of an account, or of a user in it, as of an instant. */
export type SignalRowBody = Said<typeof signalRow>;

/** Who is signed in, and what they may do: `GET /api/v1/session`. */
export type SignedInBody = Said<typeof whoBody>;

/** One answer of `GET /api/v1/segments`. */
export type SegmentsBody = Said<typeof segmentsBody>;

/** One page of `GET /api/v1/moves`. */
export type MovesBody = Said<typeof movesBody>;

/** One answer of `GET /api/v1/moves/flow`. */
export type FlowBody = Said<typeof flowBody>;

/** One page of `GET /api/v1/recorded`. */
export type RecordedBody = Said<typeof recordedBody>;

/** A segment that a person set for an account, why, and until when. */
export type OverrideBody = Said<typeof overrideBody>;

/** What a person wrote down of an account. */
export type NoteBody = Said<typeof noteBody>;

/** One answer of `GET /api/v1/evidence/{question}`. */
export type EvidenceBody = Said<typeof evidenceBody>;

/** The same while it is computed. */
export type ComingEvidenceBody = Said<typeof comingEvidence>;

/** The model in force: `GET /api/v1/model`. */
export type ModelBody = Said<typeof modelBody>;

/** What is wrong with a text: `POST /api/v1/model/check`. */
export type CheckedModelBody = Said<typeof checkedModelBody>;

/** What a draft would change: `POST /api/v1/model/preview`. */
export type PreviewBody = Said<typeof previewBody>;

/** What is otherwise in one version than in another: `GET /api/v1/model/diff`. */
export type ModelDiffBody = Said<typeof modelDiffBody>;

/** Every publication: `GET /api/v1/model/publications`. */
export type PublicationsBody = Said<typeof publicationsBody>;

/** One answer of `POST /api/v1/model/publications`. */
export type PublishedBody = Said<typeof publishedBody>;

/** Every name that a condition may read: `GET /api/v1/model/vocabulary`. */
export type VocabularyBody = Said<typeof vocabularyBody>;

/** Where segments stand in their life: `GET /api/v1/segments/standing`. */
export type StandingBody = Said<typeof standingBody>;

/** The mix inside firmographic bands: `GET /api/v1/segments/mix`. */
export type MixBody = Said<typeof mixBody>;

/** Where accounts went: `GET /api/v1/moves/migration`. */
export type MigrationBody = Said<typeof migrationBody>;

/** Holds that wait for a person: `GET /api/v1/holds`. */
export type HoldsBody = Said<typeof holdsBody>;
/** One page of `GET /api/v1/signals/values`. */
export type SignalRowsBody = Said<typeof signalRowsBody>;
/** How signals spread among customers: `GET /api/v1/signals/spread`. */
export type SpreadBody = Said<typeof spreadBody>;
/** How signals of a draft would: `POST /api/v1/signals/spread/preview`. */
export type DraftSpreadBody = Said<typeof draftSpreadBody>;

/** What may be asked about the evidence: `GET /api/v1/evidence`. */
export type QuestionsBody = Said<typeof questionsBody>;

/** Every override that is in force: `GET /api/v1/overrides`. */
export type OverridesBody = Said<typeof overridesBody>;

/** Notes of an account, the latest first: `GET /api/v1/accounts/{id}/notes`. */
export type NotesBody = Said<typeof notesBody>;

/** The latest calls of the tracking API: `GET /api/v1/data/calls`. */
export type CallsBody = Said<typeof callsBody>;

/** Events that the taxonomy does not name: `GET /api/v1/taxonomy/unplanned`. */
export type UnplannedBody = Said<typeof unplannedBody>;

/** One page of `GET /api/v1/imports`. */
export type ImportsBody = Said<typeof importsBody>;

/** What became of a file that was sent up: `POST /api/v1/imports`. */
export type ImportReportBody = Said<typeof importReportBody>;

/** One page of `GET /api/v1/quarantine`. */
export type QuarantineBody = Said<typeof quarantineBody>;

/** How many held moves were released, and how many stay held. */
export type DecidedHoldBody = Said<typeof decidedHoldBody>;

/** Every version of the model: `GET /api/v1/model/versions`. */
export type VersionsBody = Said<typeof versionsBody>;

/** One version of the model with its text. */
export type VersionBody = Said<typeof versionBody>;

/** Keys of machines, never the keys themselves: `GET /api/v1/keys`. */
export type KeysBody = Said<typeof keysBody>;

/** A key that was just made: the only time that it is shown. */
export type MadeKeyBody = Said<typeof madeKeyBody>;

/** How one may sign in here: `GET /api/v1/sign-in`. */
export type WaysBody = Said<typeof waysBody>;

/** Everybody who signs in: `GET /api/v1/people`. */
export type PeopleBody = Said<typeof peopleBody>;

/** An operator, changed. */
export type OperatorBody = Said<typeof operatorBody>;

/** What each role may do: `GET /api/v1/roles`. */
export type RolesBody = Said<typeof rolesBody>;

/** The open sessions of one operator. */
export type SessionsBody = Said<typeof sessionsBody>;

/** How many sessions were ended. */
export type EndedBody = Said<typeof endedBody>;

/** Invitations that may still be accepted: `GET /api/v1/invitations`. */
export type InvitationsBody = Said<typeof invitationsBody>;

/** An invitation that was just sent. */
export type SentInvitationBody = Said<typeof sentInvitationBody>;

/** What somebody who was invited sends. */
export type AcceptanceBody = Sent<typeof acceptance>;

/** What whoever sets up sends. */
export type SetupWishBody = Sent<typeof setupWish>;

/** One page of `GET /api/v1/audit`. */
export type AuditBody = Said<typeof auditBody>;

/** Copies of the workspace: `GET /api/v1/backups`. */
export type BackupsBody = Said<typeof backupsBody>;

/** A copy that was begun. */
export type BegunBackupBody = Said<typeof begunBackupBody>;

/** How long raw rows are kept: `GET /api/v1/retention`. */
export type RetentionBody = Said<typeof retentionBody>;

/** Receipts of erasures: `GET /api/v1/erasures`. */
export type ReceiptsBody = Said<typeof receiptsBody>;

/** What an erasure would do. */
export type ErasurePlanBody = Said<typeof erasurePlanBody>;

/** An erasure that was begun. */
export type BegunErasureBody = Said<typeof begunErasureBody>;

/** What is known, how fresh it is, and what could not be used: `GET /api/v1/data`. */
export type KnownBody = Said<typeof knownBody>;

/** What files may hold: `GET /api/v1/data/tables`. */
export type TablesBody = Said<typeof tablesBody>;

/** What the model makes of events: `GET /api/v1/taxonomy`. */
export type TaxonomyBody = Said<typeof taxonomyBody>;

/** What became of a row that was sent again: `POST /api/v1/quarantine/replay`. */
export type ReplayedBody = Said<typeof replayedBody>;

/** One operation: its method and path, what it says, and the body that it is sent. */
interface Operation<At extends string, Says, Body = undefined> {
  readonly at: At;
  readonly says: Says;
  readonly body: Body;
}

/** Every operation that a machine with a key asks in JSON, by the name that it has in the document. */
export interface Operations {
  'accounts.list': Operation<'GET /api/v1/accounts', AccountsBody>;
  'accounts.get': Operation<'GET /api/v1/accounts/:id', AccountBody>;
  'accounts.explain': Operation<'GET /api/v1/accounts/:id/explain', ExplanationBody>;
  'accounts.signals': Operation<'GET /api/v1/accounts/:id/signals', SignalRowBody>;
  'accounts.users': Operation<'GET /api/v1/accounts/:id/users', UsersBody>;
  'accounts.moves': Operation<'GET /api/v1/accounts/:id/moves', MovesBody>;
  'accounts.recorded': Operation<'GET /api/v1/recorded', RecordedBody>;
  'users.list': Operation<'GET /api/v1/users', UsersBody>;
  'users.as_of': Operation<'GET /api/v1/users/as-of', PastUsersBody>;
  'activation.get': Operation<'GET /api/v1/activation', ActivationBody>;
  'users.experience': Operation<'GET /api/v1/users/:id/experience', ExperienceBody>;
  'signals.list': Operation<'GET /api/v1/signals', CatalogueBody>;
  'signals.values': Operation<'GET /api/v1/signals/values', SignalRowsBody>;
  'signals.spread': Operation<'GET /api/v1/signals/spread', SpreadBody>;
  'signals.spread_of_draft': Operation<
    'POST /api/v1/signals/spread/preview',
    DraftSpreadBody,
    Sent<typeof draftToSpread>
  >;
  'segments.list': Operation<'GET /api/v1/segments', SegmentsBody>;
  'moves.list': Operation<'GET /api/v1/moves', MovesBody>;
  'moves.flow': Operation<'GET /api/v1/moves/flow', FlowBody>;
  'evidence.list': Operation<'GET /api/v1/evidence', QuestionsBody>;
  'evidence.get': Operation<'GET /api/v1/evidence/:question', EvidenceBody | ComingEvidenceBody>;
  'overrides.list': Operation<'GET /api/v1/overrides', OverridesBody>;
  'overrides.get': Operation<'GET /api/v1/accounts/:id/override', OverrideBody>;
  'overrides.set': Operation<'POST /api/v1/accounts/:id/override', OverrideBody, Sent<typeof overrideToSet>>;
  'overrides.end': Operation<'DELETE /api/v1/accounts/:id/override', undefined>;
  'notes.list': Operation<'GET /api/v1/accounts/:id/notes', NotesBody>;
  'notes.write': Operation<'POST /api/v1/accounts/:id/notes', NoteBody, Sent<typeof noteToWrite>>;
  'pulses.give': Operation<'POST /api/v1/accounts/:id/pulse', NoteBody, Sent<typeof pulseToGive>>;
  'data.get': Operation<'GET /api/v1/data', KnownBody>;
  'data.tables': Operation<'GET /api/v1/data/tables', TablesBody>;
  'calls.list': Operation<'GET /api/v1/data/calls', CallsBody>;
  'taxonomy.get': Operation<'GET /api/v1/taxonomy', TaxonomyBody>;
  'taxonomy.unplanned': Operation<'GET /api/v1/taxonomy/unplanned', UnplannedBody>;
  'freshness.get': Operation<'GET /api/v1/freshness', FreshnessBody>;
  'imports.list': Operation<'GET /api/v1/imports', ImportsBody>;
  'quarantine.list': Operation<'GET /api/v1/quarantine', QuarantineBody>;
  'quarantine.replay': Operation<'POST /api/v1/quarantine/replay', ReplayedBody, Sent<typeof rowToReplay>>;
  'holds.list': Operation<'GET /api/v1/holds', HoldsBody>;
  'holds.decide': Operation<'POST /api/v1/holds/:id/:action', DecidedHoldBody, Sent<typeof holdDecision>>;
  'model.get': Operation<'GET /api/v1/model', ModelBody>;
  'model.versions': Operation<'GET /api/v1/model/versions', VersionsBody>;
  'model.version': Operation<'GET /api/v1/model/versions/:version', VersionBody>;
  'model.check': Operation<'POST /api/v1/model/check', CheckedModelBody, Sent<typeof modelToCheck>>;
  'accounts.timeline': Operation<'GET /api/v1/accounts/:id/timeline', TimelineBody>;
  'accounts.dossier': Operation<'GET /api/v1/accounts/:id/dossier', DossierBody>;
  'trends.get': Operation<'GET /api/v1/trends', TrendsBody>;
  'home.get': Operation<'GET /api/v1/home', HomeBody>;
  'workspace.get': Operation<'GET /api/v1/workspace', WorkspaceBody>;
  'segments.standing': Operation<'GET /api/v1/segments/standing', StandingBody>;
  'segments.mix': Operation<'GET /api/v1/segments/mix', MixBody>;
  'moves.migration': Operation<'GET /api/v1/moves/migration', MigrationBody>;
  'model.preview': Operation<'POST /api/v1/model/preview', PreviewBody, Sent<typeof modelToPreview>>;
  'model.vocabulary': Operation<'GET /api/v1/model/vocabulary', VocabularyBody>;
  'model.publications': Operation<'GET /api/v1/model/publications', PublicationsBody>;
  'model.diff': Operation<'GET /api/v1/model/diff', ModelDiffBody>;
  'model.publish': Operation<'POST /api/v1/model/publications', PublishedBody, Sent<typeof modelToPublish>>;
  'model.roll_back': Operation<'POST /api/v1/model/roll-back', PublishedBody, Sent<typeof modelToRollBack>>;
  'keys.list': Operation<'GET /api/v1/keys', KeysBody>;
  'keys.create': Operation<'POST /api/v1/keys', MadeKeyBody, Sent<typeof keyToMake>>;
  'keys.revoke': Operation<'DELETE /api/v1/keys/:id', undefined>;
  'people.list': Operation<'GET /api/v1/people', PeopleBody>;
  'people.change': Operation<'PATCH /api/v1/people/:id', OperatorBody, Sent<typeof operatorChange>>;
  'people.roles': Operation<'GET /api/v1/roles', RolesBody>;
  'people.sessions': Operation<'GET /api/v1/people/:id/sessions', SessionsBody>;
  'people.end_sessions': Operation<'DELETE /api/v1/people/:id/sessions', EndedBody>;
  'invitations.list': Operation<'GET /api/v1/invitations', InvitationsBody>;
  'invitations.create': Operation<'POST /api/v1/invitations', SentInvitationBody, Sent<typeof wishToInvite>>;
  'invitations.withdraw': Operation<'DELETE /api/v1/invitations/:id', undefined>;
  'audit.list': Operation<'GET /api/v1/audit', AuditBody>;
  'backups.list': Operation<'GET /api/v1/backups', BackupsBody>;
  'backups.make': Operation<'POST /api/v1/backups', BegunBackupBody>;
  'retention.get': Operation<'GET /api/v1/retention', RetentionBody>;
  'erasures.list': Operation<'GET /api/v1/erasures', ReceiptsBody>;
  'erasures.begin': Operation<'POST /api/v1/erasures', ErasurePlanBody | BegunErasureBody, Sent<typeof erasureOrder>>;
  'erasures.lift': Operation<'POST /api/v1/erasures/lift', undefined, Sent<typeof liftOrder>>;
}
