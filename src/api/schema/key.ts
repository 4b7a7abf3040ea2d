import { z } from 'zod';
import { SCOPES } from '../scope.ts';
import { instant } from './words.ts';

/** A key as it is listed: never the key itself. */
const keyBody = z
  .object({
    keyId: z.int(),
    name: z.string(),
    scope: z.enum(SCOPES),
    hint: z.string().meta({ description: 'Its last letters, by which people tell keys apart' }),
    createdAt: instant,
    createdBy: z.string().meta({ description: "Who made it: an operator's address, or the name of another key" }),
    lastUsedAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'Key', description: 'A key of a machine, without the key itself' });

/** Every key ever made, the latest first. */
export const keysBody = z.object({ keys: z.array(keyBody) });

/** A key that was just made: the only time that it is shown. */
export const madeKeyBody = keyBody
  .extend({ key: z.string().meta({ description: 'Shown this once' }) })
  .meta({ id: 'MadeKey', description: 'A key that was just made: the only time that it is shown' });

/** What a key is made of. */
export const keyToMake = z
  .strictObject({ name: z.string().min(1).max(200), scope: z.enum(SCOPES) })
  .meta({ id: 'KeyToMake', examples: [{ name: 'product backend', scope: 'read' }] });
