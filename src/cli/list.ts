import type { Command } from './command.ts';
import { checkCommand } from './commands/check.ts';
import { doctorCommand } from './commands/doctor.ts';
import { importCommand } from './commands/import.ts';
import { initCommand } from './commands/init.ts';
import { signalsCommand } from './commands/signals.ts';
import { signalsListCommand } from './commands/signals-list.ts';
import { usersCommand } from './commands/users.ts';

/** Every command, in the order in which help shows them; one of two words stands after the one that it belongs to. */
export const COMMANDS: readonly Command[] = [
  initCommand,
  checkCommand,
  importCommand,
  signalsCommand,
  signalsListCommand,
  usersCommand,
  doctorCommand,
];
