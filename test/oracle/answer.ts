import type { NullReason } from '../../src/model/signal.ts';

/** A signal's value, or why there is none. */
export type Answer =
  | { readonly value: number | string; readonly reason: null }
  | { readonly value: null; readonly reason: NullReason };

/** Answers by the name of the signal. */
export type Answers = Record<string, Answer>;

/** No source, not covered, or field empty. */
export const MISSING: Answer = { value: null, reason: 'missing' };

/** Too young, or the window is still open. */
export const NOT_YET: Answer = { value: null, reason: 'not_yet' };

/** Never happened, or nobody to measure. */
export const NONE: Answer = { value: null, reason: 'none' };

/** A value that is known. */
export function known(value: number | string): Answer {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`a signal may not be ${value}`);
  return { value, reason: null };
}

/** 1 or 0. */
export function flag(holds: boolean): Answer {
  return known(holds ? 1 : 0);
}

/** The value as a number, null where there is none. */
export function numberOf(answer: Answer | undefined): number | null {
  return typeof answer?.value === 'number' ? answer.value : null;
}

/** The value as text, null where there is none. */
export function textOf(answer: Answer | undefined): string | null {
  return typeof answer?.value === 'string' ? answer.value : null;
}

/** Why several answers together give none: MISSING if any is, else the first reason there is, else NONE. */
export function reasonOf(...answers: readonly Answer[]): Answer {
  if (answers.some((answer) => answer.reason === 'missing')) return MISSING;
  return answers.find((answer) => answer.reason !== null) ?? NONE;
}

/** `over / under`, null where either is null or `under` is 0. */
export function ratio(over: Answer, under: Answer): Answer {
  const above = numberOf(over);
  const beneath = numberOf(under);
  if (above === null || beneath === null) return reasonOf(over, under);
  return beneath === 0 ? NONE : known(above / beneath);
}
