import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';
import type { FastifyServerOptions } from 'fastify';

type BuildSerializer = NonNullable<
  NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>['buildSerializer']
>;

/**
 * Makes the functions that write answers by their schemas, each when it is first needed.
 *
 * The library makes one for every answer of every route before the server listens, and checks all named schemas for
 * each of them: seconds of every start, for answers that are mostly never given. Schemas that say the same share one.
 */
export const serialiseWhenAsked: BuildSerializer = (named, options) => {
  const compile = SerializerSelector()(named, options);
  const made = new Map<string, (value: unknown) => string>();
  return (asked) => {
    let write: ((value: unknown) => string) | null = null;
    const find = (): ((value: unknown) => string) => {
      const text = JSON.stringify(asked.schema);
      const found = made.get(text) ?? compile({ ...asked, httpStatus: asked.httpStatus ?? '' });
      made.set(text, found);
      return found;
    };
    return (value) => {
      write ??= find();
      return write(value);
    };
  };
};
