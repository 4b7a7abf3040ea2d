import { type Dimension, dimensionOf } from '../definition/check/dimension.ts';
import type { Model } from '../definition/model.ts';
import { scopeOf } from '../definition/scopes.ts';
import type { SignalEntry } from '../model/signal.ts';
import { type Leak, leakOf } from './leak.ts';

/** A column of a panel, as evidence sees it. */
export interface PanelSignal {
  readonly name: string;
  readonly isNumber: boolean;
  readonly isFlag: boolean;
  readonly dimension: Dimension;
  readonly leak: Leak | null;
  /** Made of other signals: a class, a band or a score. Tested as what the rules read, never as a single signal. */
  readonly isComposite: boolean;
  /** Measured of events in the model file itself. */
  readonly isOwn: boolean;
}

const SCORES: ReadonlySet<string> = new Set(['health_score', 'composite_score', 'value_score']);
const CLASSES: readonly string[] = ['cohort', 'archetype', 'lifecycle', 'direction', 'relationship', 'value_tier'];

/** Names, places and people: they tell accounts apart and predict nothing about others. */
const IDENTIFIERS: ReadonlySet<string> = new Set(['account_id', 'name', 'domain', 'parent_id', 'csm', 'ae']);

/** Every column of a panel that could say something of churn, in the order of the model's scope. */
export function panelSignals(model: Model, catalogue: readonly SignalEntry[]): readonly PanelSignal[] {
  const { names, typeOf } = scopeOf('account', model, catalogue);
  const bands = model.bands.map(({ name }) => name);
  const composites = new Set([...SCORES, ...CLASSES, ...bands, 'eligible', 'stalled_step']);
  return [...new Set(names)].flatMap((name): readonly PanelSignal[] => {
    const type = String(typeOf(name));
    if (IDENTIFIERS.has(name) || !['number', 'flag', 'text'].includes(type)) return [];
    return [
      {
        name,
        isNumber: type !== 'text',
        isFlag: type === 'flag',
        dimension: bands.includes(name) ? 'firmographic' : dimensionOf(name, model, catalogue),
        leak: leakOf(name),
        isComposite: composites.has(name),
        isOwn: model.signals.some((signal) => signal.name === name && signal.entity === 'account'),
      },
    ];
  });
}
