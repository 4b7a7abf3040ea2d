import type { Diagnostic, Place } from '../../model/diagnostic.ts';
import type { SignalEntry } from '../../model/signal.ts';
import type { Model } from '../model.ts';
import type { Observations } from './observations.ts';

/** Where a gap lies (R145): data not captured, not usable in daily work, or not tested against outcomes. */
export type GapKind = 'instrumentation' | 'operationalisation' | 'validation';

/** A diagnostic that serves a requirement: what `bellwether check` tells, instrumentation first (R155). */
export interface Finding extends Diagnostic {
  readonly kind: GapKind;
  /** Such as `R029`. */
  readonly requirement: string;
}

/** What a check of the model alone looks at. */
export interface Subject {
  readonly model: Model;
  readonly catalogue: readonly SignalEntry[];
}

/** A check of the model alone; one that finds an `error` refuses the model. */
export interface ModelCheck {
  readonly name: string;
  readonly find: (subject: Subject) => readonly Finding[];
}

/** A check of the model against what was counted in the data. */
export interface DataCheck {
  readonly name: string;
  readonly find: (subject: Subject, observations: Observations) => readonly Finding[];
}

/** What is the same for the findings of one check. */
export type FindingHead = Pick<Finding, 'code' | 'kind' | 'requirement' | 'severity'>;

/** A finding at a place. */
export function finding(head: FindingHead, place: Place, message: string, suggestion?: string): Finding {
  return { ...head, message, place, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** Names in a row, as a sentence has them: `a`, `b` and `c`. */
export function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1) ?? ''}`;
}
