import type { TablesBody } from '../../../api/contract.ts';
import type { Sample } from './sample.ts';

/** A table that files may fill. */
export type Table = TablesBody['tables'][number];

/** Which column of the file fills which of ours; ours that nothing fills are not in it. */
export type Mapping = Readonly<Record<string, string>>;

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Other names under which our columns often stand. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  account_id: ['accountid', 'companyid', 'organizationid', 'orgid', 'customerid', 'account'],
  user_id: ['userid', 'personid', 'contactid', 'memberid'],
  event: ['eventname', 'name', 'action', 'type'],
  time: ['timestamp', 'occurredat', 'eventtime', 'date', 'createdat'],
  created: ['createdat', 'signedupat', 'createddate'],
  name: ['companyname', 'accountname', 'company'],
  employees: ['employeecount', 'numberofemployees', 'headcount', 'companysize'],
  contract_id: ['contract', 'contractnumber', 'subscriptionid', 'subscription', 'dealid'],
  arr: ['annualrecurringrevenue', 'annualrevenue', 'arrusd'],
  starts: ['startdate', 'start', 'startsat'],
  ends: ['enddate', 'end', 'endsat', 'cancelledat'],
  score: ['npsscore', 'rating'],
  email: ['emailaddress', 'mail'],
};

/** A first mapping by the names alone: the same name, then one that often means it. */
export function guessMapping(table: Table, columns: readonly string[]): Mapping {
  const taken = new Set<string>();
  const pick = (names: readonly string[]): string | undefined =>
    columns.find((column) => !taken.has(column) && names.includes(plain(column)));
  const guessed: Record<string, string> = {};
  for (const namesOf of [(name: string) => [plain(name)], (name: string) => ALSO[name] ?? []]) {
    for (const { name } of table.columns) {
      const found = name in guessed ? undefined : pick(namesOf(name));
      if (found === undefined) continue;
      guessed[name] = found;
      taken.add(found);
    }
  }
  return guessed;
}

/** The table whose columns fit best to those of a file; the name of the file counts where they fit alike. */
export function guessTable(tables: readonly Table[], columns: readonly string[], file: string): Table | null {
  const fit = (table: Table): number => {
    const mapping = guessMapping(table, columns);
    const missing = table.columns.filter(({ name, required }) => required && !(name in mapping)).length;
    const named = plain(file).includes(plain(table.name)) ? 4 : 0;
    return Object.keys(mapping).length + named - 3 * missing;
  };
  return tables.reduce<Table | null>((best, one) => (best === null || fit(one) > fit(best) ? one : best), null);
}

/** Required columns of a table that nothing fills. */
export const missingOf = (table: Table, mapping: Mapping): readonly string[] =>
  table.columns.filter(({ name, required }) => required && !(name in mapping)).map(({ name }) => name);

/** A mapping as a source of the model has it, in JSON; names of the file stand in quotes, so that any of them may be meant. */
export function sourceOfMapping(table: Table, mapping: Mapping): string {
  const columns = Object.fromEntries(
    Object.entries(mapping).map(([ours, theirs]): [string, string] => [ours, `"${theirs.replaceAll('"', '""')}"`]),
  );
  return JSON.stringify({ table: table.name, name: `${table.name}_upload`, columns });
}

/** What stands in the first rows under a column of the file. */
export const examplesOf = ({ rows }: Sample, column: string): string =>
  rows
    .map((row) => row[column] ?? '')
    .filter((text) => text !== '')
    .slice(0, 3)
    .join(' · ');
