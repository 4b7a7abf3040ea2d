import type { Model } from '../definition/model.ts';

/** Names of the events that the model speaks of: areas, workflows, proxies, ignored ones, sequences and milestones. */
export function plannedEvents({ taxonomy, activation }: Pick<Model, 'taxonomy' | 'activation'>): ReadonlySet<string> {
  return new Set([
    ...taxonomy.features.flatMap(({ events }) => events),
    ...taxonomy.workflows.flatMap(({ steps }) => steps),
    ...taxonomy.proxies,
    ...taxonomy.ignore,
    ...activation.accountSequence,
    ...activation.userSequence,
    ...activation.milestones.flatMap(({ event }) => (event === null ? [] : [event])),
  ]);
}
