import { type Expression, walk } from '../../rule/expression.ts';
import { didYouMean } from '../../rule/nearest.ts';
import { placeAt } from '../../rule/place.ts';
import { conditionsOf } from '../conditions.ts';
import type { Model } from '../model.ts';
import { SHIPPED_MARK } from '../reader.ts';
import { scopeOf } from '../scopes.ts';
import { type Finding, type FindingHead, finding, type ModelCheck, type Subject } from './check.ts';

const UNKNOWN: FindingHead = {
  code: 'unknown-name',
  kind: 'operationalisation',
  requirement: 'R012',
  severity: 'error',
};
const SUSPECT: FindingHead = { ...UNKNOWN, kind: 'instrumentation', severity: 'warning' };
const TAKEN: FindingHead = { code: 'name-taken', kind: 'operationalisation', requirement: 'R012', severity: 'error' };

/** Names of areas, segments and jobs that do not exist, and names of one's own that already mean something else. */
export const references: ModelCheck = {
  name: 'references',
  find: (subject) => [
    ...fallbackTargets(subject.model),
    ...jobFeatures(subject.model),
    ...suppressedFeatures(subject.model),
    ...signalEvents(subject.model),
    ...jobNames(subject.model),
    ...namesTaken(subject),
  ],
};

function fallbackTargets(model: Model): readonly Finding[] {
  const home = model.segments.filter((segment) => !segment.isOverlay).map((segment) => segment.name);
  return model.fallback.flatMap(({ segment, place }) => {
    if (home.includes(segment)) return [];
    const isOverlay = model.segments.some((candidate) => candidate.name === segment);
    const message = isOverlay
      ? `the fallback cannot name \`${segment}\`: it lies over the home segments`
      : `the fallback names a segment \`${segment}\` that does not exist`;
    return [finding(UNKNOWN, place, message, didYouMean(segment, home))];
  });
}

function jobFeatures(model: Model): readonly Finding[] {
  const areas = model.taxonomy.features.map((area) => area.name);
  return model.jobs.flatMap((job) =>
    job.features
      .filter((feature) => !areas.includes(feature))
      .map((feature) =>
        finding(
          SUSPECT,
          job.place,
          `job \`${job.name}\` names a feature area \`${feature}\` that does not exist`,
          didYouMean(feature, areas),
        ),
      ),
  );
}

function suppressedFeatures(model: Model): readonly Finding[] {
  const areas = model.taxonomy.features.map((area) => area.name);
  return model.experience.suppress
    .filter(({ name }) => !areas.includes(name))
    .map(({ name, place }) =>
      finding(UNKNOWN, place, `no feature area is called \`${name}\``, didYouMean(name, areas)),
    );
}

/** An event may be unknown to the taxonomy; one that is nearly in it is a slip. */
function signalEvents(model: Model): readonly Finding[] {
  const known = [
    ...model.taxonomy.features.flatMap((area) => [area.name, ...area.events]),
    ...model.taxonomy.workflows.flatMap((workflow) => workflow.steps),
  ];
  return model.signals.flatMap((signal) =>
    signal.of
      .filter((event) => !known.includes(event))
      .flatMap((event) => {
        const advice = didYouMean(event, known);
        return advice === undefined
          ? []
          : [
              finding(
                SUSPECT,
                signal.place,
                `signal \`${signal.name}\` counts \`${event}\`, which the taxonomy does not name`,
                advice,
              ),
            ];
      }),
  );
}

/** Jobs may be coded before they are declared, so an unknown one is only suspect. */
function jobNames(model: Model): readonly Finding[] {
  const jobs = model.jobs.map((job) => job.name);
  if (jobs.length === 0) return [];
  return conditionsOf(model)
    .filter(
      ({ condition, standing }) => standing === 'account' && condition.place.field?.endsWith(SHIPPED_MARK) !== true,
    )
    .flatMap(({ condition }) =>
      [...walk(condition.expression)].flatMap(jobLiterals).flatMap((literal) => {
        const job = String(literal.value);
        if (jobs.includes(job)) return [];
        const place = placeAt(condition.place, condition.marks, literal.start);
        return [
          finding({ ...SUSPECT, requirement: 'R074' }, place, `no job is called '${job}'`, didYouMean(job, jobs)),
        ];
      }),
    );
}

function jobLiterals(node: Expression): readonly Expression[] {
  const [left, ...rest] = node.parts;
  const isTest = (node.kind === 'compare' || node.kind === 'in') && left?.kind === 'name';
  if (!isTest || (left.word !== 'job' && left.word !== 'second_job')) return [];
  return rest.filter((part) => part.kind === 'literal' && typeof part.value === 'string');
}

function namesTaken({ model, catalogue }: Subject): readonly Finding[] {
  const bare: Model = { ...model, bands: [], traits: [], signals: [] };
  const takenBy = { account: scopeOf('account', bare, catalogue).names, user: scopeOf('user', bare, catalogue).names };
  const own = [
    ...model.bands.map((band) => ({
      what: 'band',
      name: band.name,
      entity: 'account' as const,
      place: band.bands[0]?.place ?? { file: model.file },
    })),
    ...model.traits.map((trait) => ({ what: 'trait', name: trait.name, entity: trait.entity, place: trait.place })),
    ...model.signals.map((signal) => ({
      what: 'signal',
      name: signal.name,
      entity: signal.entity,
      place: signal.place,
    })),
  ];
  return own.flatMap(({ what, name, entity, place }, index) => {
    const earlier = own.slice(0, index).find((other) => other.name === name && other.entity === entity);
    const isShipped =
      takenBy[entity].includes(name) &&
      !(what === 'signal' && catalogue.some((entry) => entry.name === name && entry.entity === entity));
    if (!isShipped && earlier === undefined) return [];
    const holder = earlier === undefined ? 'something that is there already' : `a ${earlier.what}`;
    const head: FindingHead = what === 'trait' && earlier === undefined ? { ...TAKEN, severity: 'warning' } : TAKEN;
    return [finding(head, place, `the ${what} \`${name}\` has the name of ${holder}`, 'Give it another name.')];
  });
}
