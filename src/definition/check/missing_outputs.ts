import type { Segment, Trigger } from '../model.ts';
import { type Finding, finding, listed, type ModelCheck } from './check.ts';

const MERGE = { code: 'merge-segment', kind: 'operationalisation', requirement: 'R014', severity: 'warning' } as const;
const INCOMPLETE = {
  code: 'incomplete-segment',
  kind: 'operationalisation',
  requirement: 'R015',
  severity: 'warning',
} as const;
const UNTENDED = {
  code: 'untended-trigger',
  kind: 'operationalisation',
  requirement: 'R021',
  severity: 'warning',
} as const;

/** Segments without hook, motion and price of their own (merge them), and without the four outputs (finish them). */
export const missingOutputs: ModelCheck = {
  name: 'missing_outputs',
  find: ({ model }) => model.segments.flatMap(findIn),
};

/** What a segment lacks: of the three things by which it is worked differently (R014), and of its four outputs (R015). */
export function lackingOf(segment: Segment): {
  readonly differences: readonly string[];
  readonly outputs: readonly string[];
} {
  const { motion } = segment;
  const differences = absent({
    messaging_hook: segment.messagingHook,
    sales_motion: segment.salesMotion,
    pricing: segment.pricing,
  });
  const outputs = absent({
    sales_play: motion.salesPlay,
    nurture_track: motion.nurtureTrack,
    expansion_triggers: motion.expansionTriggers[0],
    churn_indicators: motion.churnIndicators[0],
  });
  return { differences, outputs };
}

function findIn(segment: Segment): readonly Finding[] {
  const { motion } = segment;
  const { differences, outputs } = lackingOf(segment);
  const findings: Finding[] = [];
  if (differences.length > 0) {
    const message = `${segment.name} has no ${listed(differences)} of its own`;
    const advice = `Write what is different for it, or merge it into the segment that it is treated like.`;
    findings.push(finding(MERGE, segment.place, message, advice));
  }
  if (outputs.length > 0) {
    const message = `${segment.name} is incomplete: it lacks ${listed(outputs)}`;
    findings.push(finding(INCOMPLETE, segment.place, message, 'Every segment needs all four before it can be worked.'));
  }
  return [
    ...findings,
    ...[...motion.expansionTriggers, ...motion.churnIndicators].flatMap((trigger) => untended(trigger, segment)),
  ];
}

function absent(parts: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(parts)
    .filter(([, part]) => part === null || part === undefined)
    .map(([name]) => name);
}

function untended(trigger: Trigger, segment: Segment): readonly Finding[] {
  if (trigger.steps.length > 0) return [];
  const message = `\`${trigger.name}\` of ${segment.name} starts nothing: it has no steps`;
  return [finding(UNTENDED, trigger.place, message, 'Write what its owner does, within its due days.')];
}
