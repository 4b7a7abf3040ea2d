import type { Command } from '../command.ts';
import { changeHere } from '../people.ts';

/** `bellwether people disable`: somebody signs in no more. */
export const peopleDisableCommand: Command = {
  name: 'people disable',
  summary: 'let somebody in no more; every session of theirs ends at once',
  arguments: [{ syntax: '<EMAIL>', meaning: 'address of an operator' }],
  examples: [{ syntax: 'bellwether people disable grace@example.com', meaning: 'what they did stays theirs' }],
  json: '{operatorId, name, email, role, createdAt, disabledAt}',
  run: (context, [email = '']) =>
    changeHere(context, email, { role: null, isDisabled: true }, (changed) => `${changed.email} signs in no more.`),
};
