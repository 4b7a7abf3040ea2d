import { type DataCheck, type FindingHead, finding } from './check.ts';

const RARE: FindingHead = { code: 'rare-step', kind: 'instrumentation', requirement: 'R047', severity: 'warning' };

/** A step of `user_sequence` that fewer than this share of users ever take is one that only some people can take. */
const MIN_SHARE = 0.2;
/** Below this many users a share says little. */
const MIN_USERS = 20;

/** Steps of `user_sequence` that hardly any user ever takes: nobody who cannot take them is ever a power user. */
export const rareSteps: DataCheck = {
  name: 'rare_steps',
  find: ({ model }, { users, userSteps }) => {
    if (users < MIN_USERS) return [];
    return userSteps
      .filter((step) => step.users / users < MIN_SHARE)
      .map((step) => {
        const message = `only ${step.users} of ${users} users ever take the step \`${step.step}\` of \`user_sequence\``;
        const advice = 'If it is done once for a whole account, move it to `account_sequence`.';
        return finding(RARE, { file: model.file, field: 'activation.user_sequence' }, message, advice);
      });
  },
};
