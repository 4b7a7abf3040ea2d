import { type Finding, finding, type ModelCheck } from './check.ts';
import { dimensionsOf } from './dimension.ts';

const LABEL = { code: 'label-segment', kind: 'operationalisation', requirement: 'D8', severity: 'warning' } as const;
const SIZE_ALARM = {
  code: 'firmographic-alarm',
  kind: 'operationalisation',
  requirement: 'R107',
  severity: 'warning',
} as const;

/** Segments and churn indicators whose rule reads only what an account is, never what it does (R009, D8, R107). */
export const labelSegments: ModelCheck = {
  name: 'label_segments',
  find: ({ model, catalogue }) => {
    const isFirmographic = (condition: Parameters<typeof dimensionsOf>[0]) => {
      const dimensions = dimensionsOf(condition, model, catalogue);
      return dimensions.size > 0 && [...dimensions].every((dimension) => dimension === 'firmographic');
    };
    return model.segments.flatMap((segment): readonly Finding[] => {
      const alarms = segment.motion.churnIndicators.filter((indicator) => isFirmographic(indicator.when));
      const findings = alarms.map((indicator) =>
        finding(
          SIZE_ALARM,
          indicator.place,
          `churn indicator \`${indicator.name}\` of ${segment.name} reads only firmographics: it fires because of what an account is, not what it does`,
          'Read a change in behaviour instead; declining accounts in larger tiers are the most recoverable revenue.',
        ),
      );
      if (!isFirmographic(segment.when)) return findings;
      const message = `${segment.name} is a label, not a segment: its rule reads only firmographics (${segment.when.names.join(', ')})`;
      const advice = 'Add what its members do: a cohort, an archetype or a signal of use. Keep the label as a band.';
      return [finding(LABEL, segment.when.place, message, advice), ...findings];
    });
  },
};
