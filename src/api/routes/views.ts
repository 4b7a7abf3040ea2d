import type { Ledger } from '../../ledger/ledger.ts';
import { listViews, removeView, saveView } from '../../pipeline/view.ts';
import { type Route, route } from '../route.ts';
import { viewBody, viewsBody, viewToSave } from '../schema/view.ts';
import { ofNumber } from '../schema/words.ts';
import { sessionOf } from './session.ts';

/** What the routes of views work with. */
interface ViewSide {
  readonly ledger: Ledger;
  readonly clock: () => number;
}

/** Lists as people like to see them; each person has their own. */
export const VIEW_ROUTES: readonly Route<ViewSide>[] = [
  route({
    name: 'views.list',
    method: 'GET',
    path: '/api/v1/views',
    group: 'people',
    summary: 'The views that you saved, by page and name',
    may: 'self.manage',
    load: 'read',
    answers: { 200: viewsBody },
    refuses: [],
    handle: async ({ request }, { ledger }: ViewSide) => ({
      views: [...(await listViews(ledger, sessionOf(request).operatorId))],
    }),
  }),
  route({
    name: 'views.save',
    method: 'POST',
    path: '/api/v1/views',
    group: 'people',
    summary: 'Saves a view; one of the same page and name is replaced',
    may: 'self.manage',
    load: 'write',
    changes: ({ body }) => `${body.page} ${body.name}`,
    body: viewToSave,
    answers: { 201: viewBody },
    refuses: ['too-many-views'],
    handle: async ({ body, request, reply }, { ledger, clock }: ViewSide) => {
      const saved = await saveView(ledger, sessionOf(request).operatorId, { ...body, now: new Date(clock()) });
      return reply.code(201).send(saved);
    },
  }),
  route({
    name: 'views.remove',
    method: 'DELETE',
    path: '/api/v1/views/:id',
    group: 'people',
    summary: 'Removes a view of yours',
    may: 'self.manage',
    load: 'write',
    changes: ({ params }) => `view ${params.id}`,
    params: ofNumber,
    answers: { 204: { description: 'It is removed', type: null } },
    refuses: ['unknown-view'],
    handle: async ({ params: { id }, request, reply }, { ledger }: ViewSide) => {
      await removeView(ledger, sessionOf(request).operatorId, id);
      return reply.code(204).send();
    },
  }),
];
