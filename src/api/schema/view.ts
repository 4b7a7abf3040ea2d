import { z } from 'zod';
import { instant } from './words.ts';

const page = z
  .string()
  .min(1)
  .max(50)
  .meta({ description: 'Page of the web app', examples: ['accounts'] });
const name = z
  .string()
  .min(1)
  .max(100)
  .meta({ examples: ['My renewals'] });
const search = z
  .string()
  .max(4_000)
  .meta({ description: 'What stands behind the `?`', examples: ['segment=At-Risk'] });

/** A list as somebody likes to see it. */
export const viewBody = z
  .object({ viewId: z.int(), page, name, search, savedAt: instant })
  .meta({ id: 'View', description: 'A list as somebody likes to see it' });

/** The views of whoever is signed in. */
export const viewsBody = z.object({ views: z.array(viewBody) });

/** A view to save. */
export const viewToSave = z
  .strictObject({ page, name, search })
  .meta({ id: 'ViewToSave', examples: [{ page: 'accounts', name: 'My renewals', search: 'csm=ada' }] });
