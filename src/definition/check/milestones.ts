import { didYouMean } from '../../rule/nearest.ts';
import type { Milestone, Model } from '../model.ts';
import { type Finding, type FindingHead, finding, listed, type ModelCheck } from './check.ts';

const PROXY: FindingHead = { code: 'proxy-milestone', kind: 'instrumentation', requirement: 'R029', severity: 'error' };
const PRIMARY: FindingHead = {
  code: 'primary-milestone',
  kind: 'instrumentation',
  requirement: 'R028',
  severity: 'error',
};
const UNKNOWN: FindingHead = { code: 'unknown-name', kind: 'instrumentation', requirement: 'R028', severity: 'error' };

/** Milestones that are proxies, on workflows that do not exist, or without exactly one primary among them. */
export const milestoneCheck: ModelCheck = {
  name: 'milestones',
  find: ({ model }) => [
    ...model.activation.milestones.flatMap((milestone) => findIn(milestone, model)),
    ...primaries(model),
  ],
};

function findIn(milestone: Milestone, model: Model): readonly Finding[] {
  const { event, workflow, name, place } = milestone;
  const names = model.taxonomy.workflows.map((candidate) => candidate.name);
  if (workflow !== null && !names.includes(workflow)) {
    return [
      finding(
        UNKNOWN,
        place,
        `milestone \`${name}\` names a workflow \`${workflow}\` that does not exist`,
        didYouMean(workflow, names),
      ),
    ];
  }
  if (event !== null && model.taxonomy.ignore.includes(event)) {
    return [finding(PROXY, place, `milestone \`${name}\` can never be reached: \`${event}\` is ignored`)];
  }
  if (event === null || !model.taxonomy.proxies.includes(event) || milestone.allowProxy !== null) return [];
  const advice =
    'Name an action that means something, or write `allow_proxy: true` with a `reason` from your evidence.';
  return [
    finding(
      PROXY,
      place,
      `milestone \`${name}\` is reached by \`${event}\`, which is a proxy: activity, not progress`,
      advice,
    ),
  ];
}

function primaries(model: Model): readonly Finding[] {
  const { milestones } = model.activation;
  const primary = milestones.filter((milestone) => milestone.isPrimary);
  const [first] = milestones;
  if (first === undefined) {
    const message = 'no milestone is declared, so nobody is ever known to be activated';
    const head: FindingHead = { ...PRIMARY, severity: 'warning' };
    return [
      finding(
        head,
        { file: model.file, field: 'activation.milestones' },
        message,
        'Declare one event that shows first value.',
      ),
    ];
  }
  if (primary.length === 0) {
    return [
      finding(
        PRIMARY,
        first.place,
        'no milestone is primary',
        'Mark exactly one with `primary: true`; the others are hypotheses.',
      ),
    ];
  }
  return primary
    .slice(1)
    .map((milestone) =>
      finding(
        PRIMARY,
        milestone.place,
        `${listed(primary.map((each) => each.name))} are all primary`,
        'Only one can be; the others are hypotheses.',
      ),
    );
}
