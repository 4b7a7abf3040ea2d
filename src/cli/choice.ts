import { z } from 'zod';
import { countText, instantText, readOptions } from './arguments.ts';
import type { Options, Part } from './command.ts';

/** An option of a command: how help tells it, and how its text is read. */
export interface Choice<Value> {
  readonly part: Part;
  readonly schema: z.ZodType<Value>;
}

type Values<Offered> = { readonly [Name in keyof Offered]: Offered[Name] extends Choice<infer Value> ? Value : never };

/** Options of a command, by their long names in camel case: what help tells, and the values of a command line. */
export function choicesOf<Offered extends Readonly<Record<string, Choice<unknown>>>>(
  offered: Offered,
): { readonly parts: readonly Part[]; readonly read: (options: Options) => Values<Offered> } {
  const shape = Object.fromEntries(Object.entries(offered).map(([name, { schema }]) => [name, schema]));
  const schema = z.object(shape) as unknown as z.ZodType<Values<Offered>>;
  return {
    parts: Object.values(offered).map(({ part }) => part),
    read: (options) => readOptions(options, schema),
  };
}

/** An instant that need not be named: null without it. */
export function instantChoice(syntax: string, meaning: string): Choice<number | null> {
  return { part: { syntax, meaning }, schema: instantText.nullish().transform((at) => at ?? null) };
}

/** A whole number from 1, with the number that holds without it. */
export function countChoice(syntax: string, meaning: string, standard: number): Choice<number> {
  return { part: { syntax, meaning: `${meaning} (default: ${standard})` }, schema: countText.default(standard) };
}

/** The day on which evidence looks back. */
export const AS_OF = instantChoice('--as-of <DAY>', 'look back from this day (default: the end of the data)');

/** The seed of shuffles, folds and draws. */
export const SEED = countChoice('--seed <NUMBER>', 'seed of what is drawn: the same seed gives the same numbers', 1);

/** The day that parts what is fitted from what is tested. */
export const SPLIT = instantChoice(
  '--split <DAY>',
  'find on what came before this day, test on what came after (default: 3/5 of the time)',
);

/** How far an analysis looks ahead of a landmark. */
export function horizonChoice(
  standard: number,
  what = 'days after a landmark in which outcomes count',
): Choice<number> {
  return countChoice('--horizon <DAYS>', what, standard);
}

/** Rows that text shows at most; JSON has them all. */
export function limitChoice(order: string): Choice<number> {
  return countChoice('--limit <COUNT>', `most rows to print, ${order}`, 25);
}
