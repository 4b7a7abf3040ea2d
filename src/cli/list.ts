import type { Command } from './command.ts';
import { accountsCommand } from './commands/accounts.ts';
import { accountsExplainCommand } from './commands/accounts-explain.ts';
import { accountsOverrideCommand } from './commands/accounts-override.ts';
import { activationCommand } from './commands/activation.ts';
import { applyCommand } from './commands/apply.ts';
import { backupCommand } from './commands/backup.ts';
import { checkCommand } from './commands/check.ts';
import { dataCommand } from './commands/data.ts';
import { doctorCommand } from './commands/doctor.ts';
import { eraseUserCommand } from './commands/erase-user.ts';
import { evidenceCommand } from './commands/evidence.ts';
import { evidenceCalibrateCommand } from './commands/evidence-calibrate.ts';
import { evidenceClaimsCommand } from './commands/evidence-claims.ts';
import { evidenceDimensionsCommand } from './commands/evidence-dimensions.ts';
import { evidenceDivergenceCommand } from './commands/evidence-divergence.ts';
import { evidenceDriftCommand } from './commands/evidence-drift.ts';
import { evidenceExpansionCommand } from './commands/evidence-expansion.ts';
import { evidenceGhostsCommand } from './commands/evidence-ghosts.ts';
import { evidenceJobsCommand } from './commands/evidence-jobs.ts';
import { evidenceLeadTimeCommand } from './commands/evidence-lead-time.ts';
import { evidenceMilestonesCommand } from './commands/evidence-milestones.ts';
import { evidenceReportCommand } from './commands/evidence-report.ts';
import { evidenceRolesCommand } from './commands/evidence-roles.ts';
import { evidenceSegmentsCommand } from './commands/evidence-segments.ts';
import { evidenceSequencesCommand } from './commands/evidence-sequences.ts';
import { evidenceThresholdsCommand } from './commands/evidence-thresholds.ts';
import { exportCommand } from './commands/export.ts';
import { homeCommand } from './commands/home.ts';
import { importCommand } from './commands/import.ts';
import { initCommand } from './commands/init.ts';
import { movesCommand } from './commands/moves.ts';
import { movesFlowCommand } from './commands/moves-flow.ts';
import { movesHeldCommand } from './commands/moves-held.ts';
import { peopleCommand } from './commands/people.ts';
import { peopleDisableCommand } from './commands/people-disable.ts';
import { peopleEnableCommand } from './commands/people-enable.ts';
import { peopleInviteCommand } from './commands/people-invite.ts';
import { peopleResetCommand } from './commands/people-reset.ts';
import { peopleRoleCommand } from './commands/people-role.ts';
import { planCommand } from './commands/plan.ts';
import { quarantineCommand } from './commands/quarantine.ts';
import { quarantineReplayCommand } from './commands/quarantine-replay.ts';
import { restoreCommand } from './commands/restore.ts';
import { runCommand } from './commands/run.ts';
import { segmentsCommand } from './commands/segments.ts';
import { segmentsMixCommand } from './commands/segments-mix.ts';
import { segmentsStandingCommand } from './commands/segments-standing.ts';
import { serveCommand } from './commands/serve.ts';
import { signalsCommand } from './commands/signals.ts';
import { signalsListCommand } from './commands/signals-list.ts';
import { signalsSpreadCommand } from './commands/signals-spread.ts';
import { simulateCommand } from './commands/simulate.ts';
import { taxonomyCommand } from './commands/taxonomy.ts';
import { usersCommand } from './commands/users.ts';
import { versionsCommand } from './commands/versions.ts';

/** Every command, in the order in which help shows them; one of two words stands after the one that it belongs to. */
export const COMMANDS: readonly Command[] = [
  initCommand,
  simulateCommand,
  checkCommand,
  importCommand,
  dataCommand,
  quarantineCommand,
  quarantineReplayCommand,
  taxonomyCommand,
  runCommand,
  planCommand,
  applyCommand,
  versionsCommand,
  signalsCommand,
  signalsListCommand,
  signalsSpreadCommand,
  homeCommand,
  accountsCommand,
  accountsExplainCommand,
  accountsOverrideCommand,
  segmentsCommand,
  segmentsStandingCommand,
  segmentsMixCommand,
  movesCommand,
  movesFlowCommand,
  movesHeldCommand,
  usersCommand,
  activationCommand,
  evidenceCommand,
  evidenceMilestonesCommand,
  evidenceSegmentsCommand,
  evidenceJobsCommand,
  evidenceGhostsCommand,
  evidenceSequencesCommand,
  evidenceRolesCommand,
  evidenceExpansionCommand,
  evidenceClaimsCommand,
  evidenceReportCommand,
  evidenceDimensionsCommand,
  evidenceThresholdsCommand,
  evidenceDivergenceCommand,
  evidenceLeadTimeCommand,
  evidenceCalibrateCommand,
  evidenceDriftCommand,
  exportCommand,
  serveCommand,
  peopleCommand,
  peopleInviteCommand,
  peopleRoleCommand,
  peopleResetCommand,
  peopleDisableCommand,
  peopleEnableCommand,
  backupCommand,
  restoreCommand,
  eraseUserCommand,
  doctorCommand,
];
