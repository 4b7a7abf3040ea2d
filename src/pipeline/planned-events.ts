import type { Model } from '../definition/model.ts';

/** Names of the events that the model speaks of: areas, workflows, proxies, ignored ones, sequences, milestones, own signals. */
export function plannedEvents({
  taxonomy,
  activation,
  signals,
}: Pick<Model, 'taxonomy' | 'activation' | 'signals'>): ReadonlySet<string> {
  return new Set([
    ...taxonomy.features.flatMap(({ events }) => events),
    ...taxonomy.workflows.flatMap(({ steps }) => steps),
    ...taxonomy.proxies,
    ...taxonomy.ignore,
    ...activation.accountSequence,
    ...activation.userSequence,
    ...signals.flatMap((signal) => signal.of),
    ...activation.milestones.flatMap(({ event }) => (event === null ? [] : [event])),
  ]);
}
