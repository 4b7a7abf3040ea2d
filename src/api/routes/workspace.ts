import { firmographicNames } from '../../definition/firmographics.ts';
import type { Engines } from '../../pipeline/engines.ts';
import { type Route, route } from '../route.ts';
import { workspaceBody } from '../schema/workspace.ts';

/** What the route of the workspace works with. */
interface WorkspaceSide {
  readonly engines: Engines;
}

/** The workspace in short. */
export const WORKSPACE_ROUTES: readonly Route<WorkspaceSide>[] = [
  route({
    name: 'workspace.get',
    method: 'GET',
    path: '/api/v1/workspace',
    group: 'model',
    summary: 'The model in short: what pages name, colour and choose by; nothing is computed',
    may: 'answers.read',
    load: 'read',
    answers: { 200: workspaceBody },
    refuses: [],
    handle: async (_, { engines: { model } }: WorkspaceSide) => ({
      name: model.name,
      currency: model.currency,
      modelVersion: model.version,
      segments: model.segments.map(({ name, isOverlay }) => ({ name, isOverlay })),
      cohorts: model.cohorts.map(({ name }) => name),
      valueTiers: model.value.tiers.map(({ name }) => name),
      tiers: model.users.tiers.map(({ name }) => name),
      userSteps: [...model.activation.userSequence],
      accountSteps: [...model.activation.accountSequence],
      features: model.taxonomy.features.map(({ name, isCore }) => ({ name, isCore })),
      firmographics: [...firmographicNames(model)],
      jobs: model.jobs.map(({ name, label }) => ({ name, label })),
      overrideDays: model.assignment.overrideDays,
    }),
  }),
];
