import { z } from 'zod';
import { type Route, route } from '../route.ts';

/** What the route of the document needs. */
export interface DocumentSide {
  /** The document as it stands, once every route is there. */
  readonly document: () => object;
}

/** The document of all this. */
export const DOCUMENT_ROUTES: readonly Route<DocumentSide>[] = [
  route({
    name: 'api.describe',
    method: 'GET',
    path: '/api/v1/openapi.json',
    group: 'operation',
    summary: 'This document (OpenAPI 3.1)',
    may: 'anything',
    load: 'none',
    answers: { 200: z.looseObject({ openapi: z.string() }) },
    refuses: [],
    handle: async ({ reply }, { document }: DocumentSide) =>
      reply.header('cache-control', 'public, max-age=300').send(document()),
  }),
];
