import type { Model, Segment, Trigger } from '../model.ts';
import { meaningOf } from '../version.ts';
import { type Finding, type FindingHead, finding, type ModelCheck } from './check.ts';

const EXPANSION: FindingHead = {
  code: 'equal-trigger',
  kind: 'operationalisation',
  requirement: 'R159',
  severity: 'warning',
};
const CHURN: FindingHead = { ...EXPANSION, requirement: 'R105' };
const ACTION: FindingHead = {
  code: 'equal-action',
  kind: 'operationalisation',
  requirement: 'R009',
  severity: 'warning',
};

/** The same trigger with the same threshold, or the same treatment, in two segments: then they are one. */
export const equalTriggers: ModelCheck = {
  name: 'equal_triggers',
  find: ({ model }) => [
    ...repeats(model, (segment) => segment.motion.expansionTriggers, 'expansion trigger', EXPANSION),
    ...repeats(model, (segment) => segment.motion.churnIndicators, 'churn indicator', CHURN),
    ...equalActions(model),
  ],
};

function repeats(
  model: Model,
  pick: (segment: Segment) => readonly Trigger[],
  what: string,
  head: FindingHead,
): readonly Finding[] {
  const first = new Map<string, { readonly segment: Segment; readonly trigger: Trigger }>();
  const findings: Finding[] = [];
  for (const segment of model.segments) {
    for (const trigger of pick(segment)) {
      const meaning = meaningOf(trigger.when);
      const earlier = first.get(meaning);
      if (earlier === undefined) first.set(meaning, { segment, trigger });
      else if (earlier.segment !== segment) {
        const message = `${what} \`${trigger.name}\` of ${segment.name} is \`${earlier.trigger.name}\` of ${earlier.segment.name}: same signal, same threshold`;
        findings.push(
          finding(head, trigger.when.place, message, 'Give each segment its own threshold, or merge the segments.'),
        );
      }
    }
  }
  return findings;
}

function equalActions(model: Model): readonly Finding[] {
  const first = new Map<string, Segment>();
  return model.segments.flatMap((segment): readonly Finding[] => {
    const { messagingHook, salesMotion, pricing, motion } = segment;
    if (messagingHook === null && salesMotion === null && motion.salesPlay === null) return [];
    const action = JSON.stringify([messagingHook, salesMotion, pricing, motion.salesPlay, motion.nurtureTrack]);
    const earlier = first.get(action);
    first.set(action, earlier ?? segment);
    if (earlier === undefined) return [];
    const message = `${segment.name} is treated exactly like ${earlier.name}`;
    return [finding(ACTION, segment.place, message, 'A group that needs no other action is a label: merge the two.')];
  });
}
