import { z } from 'zod';

/** What every page needs to know of the workspace: its model in short, without computing anything. */
export const workspaceBody = z
  .object({
    name: z.string(),
    currency: z.string(),
    modelVersion: z.string(),
    segments: z.array(z.object({ name: z.string(), isOverlay: z.boolean() })),
    cohorts: z.array(z.string()),
    valueTiers: z.array(z.string()).meta({ description: 'From the most worth' }),
    tiers: z.array(z.string()).meta({ description: 'Of users' }),
    userSteps: z.array(z.string()).meta({ description: 'user_sequence' }),
    accountSteps: z.array(z.string()).meta({ description: 'account_sequence' }),
    features: z.array(z.object({ name: z.string(), isCore: z.boolean() })),
    firmographics: z.array(z.string()).meta({ description: 'Fields and bands by which accounts can be filtered' }),
    jobs: z.array(z.object({ name: z.string(), label: z.string() })),
    overrideDays: z.int().meta({ description: 'How long an override lasts where nobody says otherwise' }),
  })
  .meta({ id: 'Workspace', description: 'The model in short' });
