import type { Place } from '../../model/diagnostic.ts';
import type { Model } from '../model.ts';
import { type Finding, type FindingHead, finding, listed, type ModelCheck } from './check.ts';

const BOTH: FindingHead = {
  code: 'event-listed-twice',
  kind: 'instrumentation',
  requirement: 'R028',
  severity: 'warning',
};
const TWICE: FindingHead = { code: 'repeated-step', kind: 'instrumentation', requirement: 'R047', severity: 'warning' };
const THIN: FindingHead = { code: 'thin-taxonomy', kind: 'instrumentation', requirement: 'R028', severity: 'warning' };

/** Use of one event, told by the words for where it is listed. */
interface Use {
  readonly event: string;
  readonly where: string;
  readonly place: Place;
}

/** Events under ignore or proxies and elsewhere, sequences that repeat a step, and what a taxonomy cannot do without. */
export const taxonomyCheck: ModelCheck = {
  name: 'taxonomy',
  find: ({ model }) => [...listedTwice(model), ...repeatedSteps(model), ...thin(model)],
};

function usesOf(model: Model): readonly Use[] {
  const { taxonomy, activation } = model;
  const field = (name: string): Place => ({ file: model.file, field: name });
  return [
    ...taxonomy.features.flatMap(({ name, events, place }) =>
      events.map((event) => ({ event, where: `feature area \`${name}\``, place })),
    ),
    ...taxonomy.workflows.flatMap(({ name, steps, place }) =>
      steps.map((event) => ({ event, where: `workflow \`${name}\``, place })),
    ),
    ...activation.accountSequence.map((event) => ({
      event,
      where: '`account_sequence`',
      place: field('activation.account_sequence'),
    })),
    ...activation.userSequence.map((event) => ({
      event,
      where: '`user_sequence`',
      place: field('activation.user_sequence'),
    })),
  ];
}

function listedTwice(model: Model): readonly Finding[] {
  const { proxies, ignore } = model.taxonomy;
  const field: Place = { file: model.file, field: 'taxonomy.ignore' };
  const inBoth = ignore
    .filter((event) => proxies.includes(event))
    .map((event) =>
      finding(BOTH, field, `\`${event}\` is listed under \`ignore\` and under \`proxies\``, 'Keep one of the two.'),
    );
  const ignored = usesOf(model)
    .filter(({ event }) => ignore.includes(event))
    .map(({ event, where, place }) =>
      finding(BOTH, place, `\`${event}\` is ignored, so it does nothing in ${where}`, 'Take it out of one of the two.'),
    );
  const areas = usesOf(model)
    .filter(
      ({ event, where }) => proxies.includes(event) && !ignore.includes(event) && where.startsWith('feature area'),
    )
    .map(({ event, where, place }) =>
      finding(BOTH, place, `\`${event}\` is a proxy and stands in ${where}`, 'A proxy belongs to no feature area.'),
    );
  const steps = usesOf(model)
    .filter(
      ({ event, where }) => proxies.includes(event) && !ignore.includes(event) && !where.startsWith('feature area'),
    )
    .map(({ event, where, place }) =>
      finding(
        BOTH,
        place,
        `\`${event}\` is a proxy and a step of ${where}`,
        'Let an action that means something be the step.',
      ),
    );
  return [...inBoth, ...ignored, ...areas, ...steps];
}

function repeatedSteps(model: Model): readonly Finding[] {
  const field = (name: string): Place => ({ file: model.file, field: `activation.${name}` });
  const sequences = [
    { name: 'account_sequence', steps: model.activation.accountSequence, place: field('account_sequence') },
    { name: 'user_sequence', steps: model.activation.userSequence, place: field('user_sequence') },
    ...model.taxonomy.workflows,
  ];
  return sequences.flatMap(({ name, steps, place }) => {
    const repeated = [...new Set(steps.filter((step, index) => steps.indexOf(step) !== index))];
    if (repeated.length === 0) return [];
    const message = `\`${name}\` names ${listed(repeated)} twice: one event would take both steps at once`;
    return [finding(TWICE, place, message, 'Name each step once.')];
  });
}

function thin(model: Model): readonly Finding[] {
  const { taxonomy, activation } = model;
  const at = (field: string): Place => ({ file: model.file, field });
  if (taxonomy.features.length === 0) {
    const message = 'no feature area is declared: breadth, depth and reversion cannot be measured';
    return [finding(THIN, at('taxonomy.features'), message, 'Group the events that mean something into named areas.')];
  }
  const findings: Finding[] = [];
  if (!taxonomy.features.some((area) => area.isCore)) {
    const message = 'no feature area is `core`: no user can be a power user, and core use counts as 0';
    findings.push(finding(THIN, at('taxonomy.features'), message, 'Mark the areas that people buy the product for.'));
  }
  if (activation.userSequence.length === 0 && activation.accountSequence.length === 0) {
    const message = 'no activation sequence is declared: nobody can be seen to stall';
    findings.push(
      finding(
        THIN,
        at('activation'),
        message,
        'Write `account_sequence` and `user_sequence`, first step to first value.',
      ),
    );
  }
  return findings;
}
