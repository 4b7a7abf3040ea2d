import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { GROUPS } from './route.ts';

const DESCRIPTION = `Everything that the command line shows, and what people and scripts change.

- **Keys.** \`Authorization: Bearer KEY\`, or \`X-API-Key: KEY\`. \`x-may\` of an operation names what one must be allowed.
- **Refusals** are problem+json (RFC 9457) with \`next\`: what to do.
- **Pages.** Lists are cut into pages; \`next\` of an answer is the \`cursor\` of the following one, null at the end.
- **Tags.** Answers with an ETag are asked again with If-None-Match, and changed with If-Match.
- **Repeating.** A POST with an Idempotency-Key may be sent again: it happens once, and is answered the same, for 24 hours.
- **Too much** is answered 429 with Retry-After; RateLimit headers say how much is left.`;

/** Collects every route that is registered after this, for `app.swagger()`: an OpenAPI 3.1 document. */
export async function collectDocument(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Bellwether',
        version,
        description: DESCRIPTION,
        license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
      },
      servers: [{ url: '/', description: 'This server' }],
      tags: Object.entries(GROUPS).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'A key of a machine' },
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'An operator who signed in' },
          writeKey: {
            type: 'http',
            scheme: 'basic',
            description: 'A write key as user name, without a password, as SDKs of the Segment protocol send it',
          },
        },
      },
    },
    convertConstToEnum: false,
    transformObject: (made) => ('openapiObject' in made ? withOptionalBodies(made.openapiObject) : made.swaggerObject),
    refResolver: { buildLocalReference: ({ $id }, _base, _fragment, index) => String($id ?? `schema-${index}`) },
  });
}

/** Mark of an operation that may be asked without a body; the library calls every body required. */
export const OPTIONAL_BODY = 'x-optional-body';

interface Operation {
  readonly requestBody?: object;
}

/** The document in which bodies are required where the server requires them, and nowhere else. */
function withOptionalBodies<Document extends { readonly paths?: object }>(document: Document): Document {
  const plain = (operation: Operation & { readonly [OPTIONAL_BODY]?: true }): Operation => {
    const { [OPTIONAL_BODY]: isOptional, ...rest } = operation;
    return isOptional === true ? { ...rest, requestBody: { ...rest.requestBody, required: false } } : rest;
  };
  const paths = Object.entries(document.paths ?? {}).map(([path, methods]) => [
    path,
    Object.fromEntries(Object.entries(methods as Record<string, Operation>).map(([name, each]) => [name, plain(each)])),
  ]);
  return { ...document, paths: Object.fromEntries(paths) };
}

/** Name of the cookie of a session, as the document tells it. */
const SESSION_COOKIE = 'bellwether_session';
