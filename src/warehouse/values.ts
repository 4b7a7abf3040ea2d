import { z } from 'zod';

/** A 64-bit integer column: the warehouse sends it as text so that no digit is lost; beyond 2^53 it is refused. */
export const whole = z
  .union([z.string().regex(/^-?\d+$/), z.number()])
  .transform(Number)
  .refine(Number.isSafeInteger, 'an integer beyond 2^53');

/** A DateTime or DateTime64 column in UTC, sent as ISO text. */
export const instant = z.iso.datetime().transform((text) => new Date(text));

/** A UInt8 column that is yes or no. */
export const flag = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1);
