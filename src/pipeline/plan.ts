import { type Dimension, dimensionsOf } from '../definition/check/dimension.ts';
import { diffModels, type ModelChange } from '../definition/diff.ts';
import type { Model } from '../definition/model.ts';
import { scopeOf } from '../definition/scopes.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import type { Situation } from '../segment/decision.ts';
import { type Frame, frameOf } from '../segment/frame.ts';
import { compareWhatIf, type Placed, placeAll, type WhatIf } from '../segment/what_if.ts';
import { readProfiles } from './accounts.ts';
import type { Engines } from './engines.ts';

/** What a draft of the model would change: `plan --json`. */
export interface Plan extends WhatIf {
  readonly asOf: string;
  /** Versions: what is in force, and what the draft would be. */
  readonly base: string;
  readonly draft: string;
  readonly changes: readonly ModelChange[];
  /** Changed parts that decide what is measured, and were not measured for this plan: it shows the rest alone. */
  readonly unmeasured: readonly string[];
  /** What the rule of each segment of the draft reads. */
  readonly rules: readonly {
    readonly segment: string;
    readonly signals: readonly string[];
    readonly dimensions: readonly Dimension[];
  }[];
}

/** One side of a comparison: a model, and where it puts every customer. */
export interface Side {
  readonly model: Model;
  readonly placed: readonly Placed[];
}

/** Parts of a model that decide what is measured, and not only who is where. */
const MEASURED =
  /^(?:taxonomy|activation|signals|traits|exclude|users|decline|value|health|composite|jobs|grain|outcomes|sources)\b|^segments\.[^.]+\.health\b/;

/** Changed parts that decide what is measured. */
export function measuredParts(changes: readonly ModelChange[]): readonly string[] {
  return changes.flatMap(({ path }) => (MEASURED.test(path) ? [path] : []));
}

/** Everything that a model measures of every account as of an instant, in memory. */
export async function measureFrame(engines: Engines, model: Model, asOf: number): Promise<Frame> {
  return frameOf(await readProfiles({ ...engines, model }, [asOf], null), asOf, model.version);
}

/** Where a model puts the customers of a frame. */
export function sideOf(frame: Frame, model: Model): Side {
  const { typeOf } = scopeOf('account', model, SIGNAL_CATALOGUE);
  const situation: Situation = { model, typeOf, asOf: new Date(frame.asOf) };
  return { model, placed: placeAll(frame, situation) };
}

/** What a draft would change against what is in force. Pure. */
export function comparePlan(
  { asOf }: Pick<Frame, 'asOf'>,
  before: Side,
  after: Side,
  unmeasured: readonly string[],
): Plan {
  const { model } = after;
  return {
    asOf: new Date(asOf).toISOString(),
    base: before.model.version,
    draft: model.version,
    changes: diffModels(before.model, model),
    unmeasured,
    rules: model.segments.map(({ name, when }) => ({
      segment: name,
      signals: when.names,
      dimensions: [...dimensionsOf(when, model, SIGNAL_CATALOGUE)],
    })),
    ...compareWhatIf(before, after),
  };
}

/** What a draft would change as of an instant, everything measured: seconds. */
export async function planOf(engines: Engines, draft: Model, asOf: number): Promise<Plan> {
  const frame = await measureFrame(engines, engines.model, asOf);
  const isMeasuredAlike = measuredParts(diffModels(engines.model, draft)).length === 0;
  const after = isMeasuredAlike ? frame : await measureFrame(engines, draft, asOf);
  return comparePlan(frame, sideOf(frame, engines.model), sideOf(after, draft), []);
}
