import type { z } from 'zod';

type Fixed<T> = T extends (infer Item)[]
  ? number extends T['length']
    ? readonly Fixed<Item>[]
    : { readonly [Key in keyof T]: Fixed<T[Key]> }
  : T extends object
    ? { readonly [Key in keyof T]: Fixed<T[Key]> }
    : T;

/** What a schema says, as a type that nobody changes. */
export type Said<Schema extends z.ZodType> = Fixed<z.output<Schema>>;

/** What may be sent where a schema checks it: what it fills in may be left out. */
export type Sent<Schema extends z.ZodType> = Fixed<z.input<Schema>>;
