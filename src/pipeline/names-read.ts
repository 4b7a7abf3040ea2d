import type { Model } from '../definition/model.ts';
import { decidingConditions } from './accounts.ts';

/** Names that explain an account: those that its rules, classes and churn indicators read, by name. */
export function namesRead({ model }: { readonly model: Model }): readonly string[] {
  const classes = [
    ...model.archetypes.flatMap(({ when }) => (when === null ? [] : [when])),
    ...model.bands.flatMap((band) => band.bands.flatMap(({ when }) => (when === null ? [] : [when]))),
  ];
  const indicators = model.segments.flatMap((segment) =>
    segment.motion.churnIndicators.map((indicator) => indicator.when),
  );
  const conditions = [...decidingConditions({ model }), ...classes, ...indicators];
  return [
    ...new Set([
      'account_age_days',
      'activated',
      'active_users_30d',
      'relationship',
      ...conditions.flatMap((condition) => condition.names),
    ]),
  ].sort();
}
