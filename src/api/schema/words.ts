import { z } from 'zod';

/** A text, or unknown. */
export const maybeText = z.string().nullable();
/** A number, or unknown. */
export const maybeNumber = z.number().nullable();
/** An instant as ISO text. */
export const instant = z.string().meta({ format: 'date-time' });
/** An identifier in a path: whatever its owner calls it, at most so long as the server reads. */
export const identifier = z.string().min(1).max(512);
/** A path that names one thing by its identifier. */
export const ofIdentifier = z.object({ id: identifier.meta({ examples: ['acme'] }) });
/** A path that names one thing by its number. */
export const ofNumber = z.object({ id: z.int().min(1) });
/** A day or an instant of a query. */
export const dayOrInstant = z
  .string()
  .max(40)
  .meta({ description: 'A day (00:00 UTC) or an instant', examples: ['2026-03-01'] });
