import { Failure } from '../../model/failure.ts';
import { ROLES } from '../../people/role.ts';
import type { Command } from '../command.ts';
import { changeHere } from '../people.ts';

/** `bellwether people role`: what somebody may do. */
export const peopleRoleCommand: Command = {
  name: 'people role',
  summary: 'set what somebody may do; who may less than before loses every session',
  arguments: [
    { syntax: '<EMAIL>', meaning: 'address of an operator' },
    { syntax: '<ROLE>', meaning: ROLES.join(', ') },
  ],
  examples: [{ syntax: 'bellwether people role grace@example.com editor', meaning: 'from now on' }],
  json: '{operatorId, name, email, role, createdAt, disabledAt}',
  run: async (context, [email = '', word = '']) => {
    const role = ROLES.find((each) => each === word);
    if (role === undefined)
      throw new Failure('bad-arguments', `There is no role ${word}; there are ${ROLES.join(', ')}.`);
    return changeHere(context, email, { role, isDisabled: null }, (changed) => `${changed.email} is ${changed.role}.`);
  },
};
