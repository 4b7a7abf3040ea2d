import type { Command } from '../command.ts';
import { changeHere } from '../people.ts';

/** `bellwether people enable`: somebody who was disabled may sign in again. */
export const peopleEnableCommand: Command = {
  name: 'people enable',
  summary: 'let somebody in again who was disabled',
  arguments: [{ syntax: '<EMAIL>', meaning: 'address of an operator' }],
  examples: [{ syntax: 'bellwether people enable grace@example.com', meaning: 'with the role and password of before' }],
  json: '{operatorId, name, email, role, createdAt, disabledAt}',
  run: (context, [email = '']) =>
    changeHere(context, email, { role: null, isDisabled: false }, (changed) => `${changed.email} may sign in again.`),
};
