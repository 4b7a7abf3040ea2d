import { textOf, textsOf } from '../../address.ts';

/** Dimensions by which the list is narrowed, as the address and the server call them. */
export const FACETS = [
  { name: 'segment', label: 'Segment' },
  { name: 'cohort', label: 'Cohort' },
  { name: 'valueTier', label: 'Value tier' },
  { name: 'lifecycle', label: 'Lifecycle' },
  { name: 'relationship', label: 'Relationship' },
  { name: 'csm', label: 'CSM' },
  { name: 'direction', label: 'Direction' },
  { name: 'archetype', label: 'Archetype' },
  { name: 'job', label: 'Job' },
  { name: 'home', label: 'Home segment' },
  { name: 'eligible', label: 'Eligible' },
  { name: 'isHeld', label: 'Held' },
  { name: 'isOverridden', label: 'By hand' },
] as const;

/** How many of them stand in the bar; the others are behind a button. */
export const IN_BAR = 6;

type FacetName = (typeof FACETS)[number]['name'];

/** What the address of the page says. */
export type AccountsSearch = { readonly [name in FacetName]?: readonly string[] } & {
  readonly search?: string;
  /** `name:value` of what an account is on paper. */
  readonly filter?: readonly string[];
  readonly sort?: readonly string[];
  readonly columns?: readonly string[];
};

/** What a change makes of the address as it stands by then: an earlier change may still be on its way. */
export type AccountsChange = (before: AccountsSearch) => Partial<AccountsSearch>;

/** How the list is ordered where the address does not say. */
export const USUAL_SORT: readonly string[] = ['-arr'];

/** Reads the address; what it does not know is left out. */
export function readAccountsSearch(search: Record<string, unknown>): AccountsSearch {
  const names = [...FACETS.map(({ name }) => name), 'filter', 'sort', 'columns'];
  const lists = names.flatMap((name) => {
    const texts = textsOf(search, name);
    return texts.length === 0 ? [] : [[name, texts] as const];
  });
  const found = textOf(search, 'search');
  return { ...Object.fromEntries(lists), ...(found === undefined ? {} : { search: found }) };
}

/** Whether a field of what accounts are on paper has few values, so that one can choose by them. */
export const isChoosable = (name: string): boolean => name !== 'employees' && name !== 'revenue';

/** The part of an address that chooses accounts, as the server reads it. */
export function choiceOf({
  sort: _,
  columns: __,
  ...choice
}: AccountsSearch): Omit<AccountsSearch, 'sort' | 'columns'> {
  return choice;
}
