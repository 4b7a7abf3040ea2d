type CamelName<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelName<Rest>>}`
  : Name;

/** A row of the command line's JSON under the names of the API: `account_id` is `accountId`. What is inside stays. */
export type Camelled<Row> = { readonly [Key in keyof Row as Key extends string ? CamelName<Key> : never]: Row[Key] };

/** Names the fields of a row as the API does. */
export function camel<Row extends object>(row: Row): Camelled<Row> {
  const entries = Object.entries(row).map(([key, value]) => [
    key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    value as unknown,
  ]);
  return Object.fromEntries(entries) as Camelled<Row>;
}
