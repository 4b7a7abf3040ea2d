/** What a list of accounts is chosen, ordered and counted by: any field of an account, by name, and firmographic ones. */
export interface Choosable {
  readonly accountId: string;
  readonly name: string | null;
  readonly firmographics: Readonly<Record<string, string | number | null>>;
  readonly [field: string]: unknown;
}

/** Which accounts to take. */
export interface AccountChoice {
  /** Part of the id or of the name, in any case; null: all. */
  readonly search: string | null;
  /** Values of which a field must have one, by name of the field; empty text: unknown. */
  readonly where: ReadonlyMap<string, readonly string[]>;
}

/** A value of a field as text, so that numbers, yes and no can be asked for; empty: unknown, or no such field. */
function textOf(account: Choosable, field: string): string {
  const value = Object.hasOwn(account, field)
    ? account[field]
    : Object.hasOwn(account.firmographics, field)
      ? account.firmographics[field]
      : null;
  return value === null || value === undefined || typeof value === 'object' ? '' : String(value);
}

/** Whether an account is of those that a choice names, and by which of its fields it falls out. */
function chooser({ search, where }: AccountChoice) {
  const part = search?.toLowerCase() ?? null;
  const wanted = [...where].map(([field, values]) => [field, new Set(values)] as const);
  return {
    isNamed: ({ accountId, name }: Choosable): boolean =>
      part === null || accountId.toLowerCase().includes(part) || (name?.toLowerCase().includes(part) ?? false),
    fieldsAgainst: (account: Choosable): readonly string[] =>
      wanted.filter(([field, values]) => !values.has(textOf(account, field))).map(([field]) => field),
  };
}

/** The accounts of a list that are asked for, in its order. */
export function chooseAccounts<Account extends Choosable>(
  accounts: Iterable<Account>,
  choice: AccountChoice,
): readonly Account[] {
  const { isNamed, fieldsAgainst } = chooser(choice);
  return [...accounts].filter((account) => isNamed(account) && fieldsAgainst(account).length === 0);
}

/**
 * How many accounts have each value of these fields, the most frequent first; an unknown value counts under the empty text.
 * A field counts among what the rest of the choice leaves, whatever is chosen of the field itself: so it says how many
 * accounts each of its values would add.
 */
export function countValues(
  accounts: Iterable<Choosable>,
  choice: AccountChoice,
  fields: readonly string[],
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const { isNamed, fieldsAgainst } = chooser(choice);
  const counts = new Map(fields.map((field) => [field, new Map<string, number>()]));
  for (const account of accounts) {
    if (!isNamed(account)) continue;
    const [against, ...others] = fieldsAgainst(account);
    if (others.length > 0) continue;
    for (const [field, byValue] of counts) {
      if (against !== undefined && against !== field) continue;
      const text = textOf(account, field);
      byValue.set(text, (byValue.get(text) ?? 0) + 1);
    }
  }
  return Object.fromEntries(
    [...counts].map(([field, byValue]) => [field, Object.fromEntries([...byValue].toSorted(([, a], [, b]) => b - a))]),
  );
}
