import type { Ground } from '../ground.ts';
import { reportTable, type Section } from './page.ts';

/** The section on what evidence can rest on, and what a year of churn costs. */
export function groundSection(ground: Ground, currency: string): Section {
  const money = (value: number | null) =>
    value === null ? null : `${Math.round(value).toLocaleString('en-US')} ${currency}`;
  const lost =
    ground.arrLostPerYear === null ? '' : ` At that rate ${money(ground.arrLostPerYear)} of ARR is lost in a year.`;
  return {
    id: 'ground',
    title: 'What there is',
    lead: `${ground.sentence}${lost}`,
    body: [
      reportTable(
        'Accounts',
        ['what', 'how many'],
        [
          ['accounts', ground.accounts],
          ['ever customers', ground.everCustomers],
          ['customers now', ground.customers],
          ['ARR now', money(ground.arr)],
          ['churns since the events begin', ground.churns],
          ['customer-years since then', ground.customerYears],
          ['merged or renamed, counted apart from churn', ground.linked],
          ['created before the events begin', ground.createdBeforeEvents],
          ['with no day of creation', ground.undated],
        ],
      ),
    ],
  };
}
