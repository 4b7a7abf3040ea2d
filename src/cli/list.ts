import type { Command } from './command.ts';
import { accountsCommand } from './commands/accounts.ts';
import { accountsExplainCommand } from './commands/accounts-explain.ts';
import { accountsOverrideCommand } from './commands/accounts-override.ts';
import { backupCommand } from './commands/backup.ts';
import { checkCommand } from './commands/check.ts';
import { doctorCommand } from './commands/doctor.ts';
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
import { importCommand } from './commands/import.ts';
import { initCommand } from './commands/init.ts';
import { movesCommand } from './commands/moves.ts';
import { movesHeldCommand } from './commands/moves-held.ts';
import { restoreCommand } from './commands/restore.ts';
import { runCommand } from './commands/run.ts';
import { segmentsCommand } from './commands/segments.ts';
import { serveCommand } from './commands/serve.ts';
import { signalsCommand } from './commands/signals.ts';
import { signalsListCommand } from './commands/signals-list.ts';
import { simulateCommand } from './commands/simulate.ts';
import { usersCommand } from './commands/users.ts';

/** Every command, in the order in which help shows them; one of two words stands after the one that it belongs to. */
export const COMMANDS: readonly Command[] = [
  initCommand,
  simulateCommand,
  checkCommand,
  importCommand,
  runCommand,
  signalsCommand,
  signalsListCommand,
  accountsCommand,
  accountsExplainCommand,
  accountsOverrideCommand,
  segmentsCommand,
  movesCommand,
  movesHeldCommand,
  usersCommand,
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
  serveCommand,
  backupCommand,
  restoreCommand,
  doctorCommand,
];
