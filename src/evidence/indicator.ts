import type { Model } from '../definition/model.ts';
import { scopeOf } from '../definition/scopes.ts';
import type { SignalEntry } from '../model/signal.ts';
import type { Condition, Truth } from '../rule/condition.ts';
import { holdCondition } from '../rule/hold.ts';
import type { Panel, PanelRow } from './panel.ts';

/** Something that is said to announce a churn: where it stands in the model, whom it is asked of, and whether it fires. */
export interface Indicator {
  readonly name: string;
  /** Dotted path in the model file. */
  readonly path: string;
  /** The segment whose accounts it is asked of; null: of all customers. */
  readonly segment: string | null;
  readonly asks: (row: PanelRow) => boolean;
  /** Whether it fires for an account that it is asked of. Null: it reads what the panel does not hold. */
  readonly fires: ((row: PanelRow) => Truth) | null;
}

const AT_RISK = 'At Risk';
const ofAll = (): boolean => true;

/**
 * The churn indicators of a model's segments, the cohort At Risk, and the rule of the overlay.
 *
 * An indicator is asked of the accounts of its segment (its home segment; the overlay itself for those of the overlay), as
 * the model would fire it. Conditions are held in memory over the values of the panel at the row's landmark.
 */
export function indicatorsOf(model: Model, catalogue: readonly SignalEntry[], panel: Panel): readonly Indicator[] {
  const firing = firingOver(model, catalogue, panel);
  const cohort = model.cohorts.find(({ name }) => name === AT_RISK);
  const cohorts = cohort === undefined ? null : panel.texts('cohort');
  const ofCohort: readonly Indicator[] =
    cohorts === null
      ? []
      : [
          {
            name: `cohort ${AT_RISK}`,
            path: `cohorts.${AT_RISK}`,
            segment: null,
            asks: ofAll,
            fires: ({ index }) => (cohorts[index] === null ? null : cohorts[index] === AT_RISK),
          },
        ];
  const ofSegments = model.segments.flatMap(({ name: segment, isOverlay, when, motion }): readonly Indicator[] => [
    ...(isOverlay
      ? [{ name: `${segment} rule`, path: `segments.${segment}.when`, segment: null, asks: ofAll, fires: firing(when) }]
      : []),
    ...motion.churnIndicators.map(({ name, when: condition }): Indicator => {
      const asks = (row: PanelRow): boolean => (isOverlay ? row.raw : row.home) === segment;
      const path = `segments.${segment}.motion.churn_indicators.${name}`;
      return { name, path, segment, asks, fires: firing(condition) };
    }),
  ]);
  return [...ofCohort, ...ofSegments];
}

/** Holds conditions over the rows of a panel; null for a condition that reads what it does not hold (lists, days). */
export function firingOver(model: Model, catalogue: readonly SignalEntry[], panel: Panel) {
  const { typeOf } = scopeOf('account', model, catalogue);
  return (condition: Condition): ((row: PanelRow) => Truth) | null => {
    const numbers = new Map<string, Float64Array>();
    const texts = new Map<string, readonly (string | null)[]>();
    for (const name of condition.names) {
      const type = typeOf(name);
      if (type === 'number' || type === 'flag') numbers.set(name, panel.numbers(name));
      else if (type === 'text') texts.set(name, panel.texts(name));
      else return null;
    }
    return ({ index, landmarkMs }) => {
      const read = (name: string) => {
        const number = numbers.get(name)?.[index];
        if (number !== undefined) return Number.isNaN(number) ? null : number;
        return texts.get(name)?.[index] ?? null;
      };
      return holdCondition(condition, read, new Date(landmarkMs), typeOf);
    };
  };
}
