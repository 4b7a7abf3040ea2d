import type { FeatureArea, Model } from '../definition/model.ts';
import type { AreaEvidence } from './area-evidence.ts';

/** What suggestions rest on: the model, and what evidence says of its areas. Made once, used for every answer. */
export interface Guide {
  readonly areas: readonly FeatureArea[];
  readonly accountSteps: readonly string[];
  readonly userSteps: readonly string[];
  /** Evidence that holds, by home segment and area; under null: that of all customers. */
  readonly holding: ReadonlyMap<string | null, ReadonlyMap<string, AreaEvidence>>;
}

/** A guide from a model and the evidence on its areas; what does not hold, or tells no difference, is left out. */
export function guideOf({ taxonomy, activation }: Model, evidence: readonly AreaEvidence[]): Guide {
  const holding = new Map<string | null, Map<string, AreaEvidence>>();
  for (const one of evidence) {
    if (one.verdict !== 'holds' || one.difference === null || one.difference <= 0) continue;
    const scope = holding.get(one.segment) ?? new Map<string, AreaEvidence>();
    holding.set(one.segment, scope.set(one.area, one));
  }
  return {
    areas: taxonomy.features,
    accountSteps: activation.accountSequence,
    userSteps: activation.userSequence,
    holding,
  };
}
