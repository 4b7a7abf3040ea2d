import type { Verdict } from '../verdict.ts';
import { writePercent } from '../wording.ts';
import { type Markup, markup } from './markup.ts';
import { STYLE } from './style.ts';

/** One question of the report, with its answer in a sentence and what stands behind it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What was found, in words; no claim beyond the numbers. */
  readonly lead: string;
  readonly body: readonly Markup[];
}

/** What the whole report says of itself. */
export interface ReportFrame {
  readonly company: string;
  readonly followedThrough: string;
  readonly modelVersion: string;
  readonly writtenAt: Date;
}

/** The report as one self-contained HTML file: no script, no request, both themes, and it prints. */
export function reportPage(
  { company, followedThrough, modelVersion, writtenAt }: ReportFrame,
  sections: readonly Section[],
): string {
  const page = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evidence: ${company}</title><style>${{ text: STYLE }}</style></head><body>
<header><p class="product">Bellwether evidence</p><h1>${company}</h1>
<p class="frame">What is known until ${followedThrough.slice(0, 10)}. Model ${modelVersion.slice(0, 8)}. Written ${writtenAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.</p>
<nav aria-label="Questions">${sections.map(({ id, title }) => markup`<a href="#${id}">${title}</a>`)}</nav></header>
<main>${sections.map(
    ({ id, title, lead, body }) =>
      markup`<section id="${id}"><h2>${title}</h2><p class="lead">${lead}</p>${body}</section>`,
  )}</main>
<footer><p>What goes together need not cause each other. Verdicts: holds, fails (an effect worth acting on can be ruled out), too little data (which is not "fails").</p></footer>
</body></html>
`;
  return page.text;
}

/** A cell: text, or a number that is set to the right. */
export type ReportCell = string | number | null;

/**
 * A table with a caption; null is written as a dash, numbers stand to the right.
 *
 * `cards`: for rows that hold sentences; where the paper is narrow each row is a card, its cells under each other by name.
 */
export function reportTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly ReportCell[])[],
  narrow: 'scroll' | 'cards' = 'scroll',
): Markup {
  const columns = head.map((name, column) => {
    const cells = rows.flatMap((row) => row[column] ?? []);
    return { name, isNumber: cells.every(isFigure) };
  });
  const written = rows.map(
    (row) => markup`<tr role="row">${columns.map((column, index) => cellOf(row[index] ?? null, column))}</tr>`,
  );
  return markup`<div class="table"><table class="${narrow}" role="table"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${columns.map(({ name, isNumber }) => markup`<th scope="col" role="columnheader"${isNumber ? NUMBER : null}>${name}</th>`)}</tr></thead>
    <tbody role="rowgroup">${written}</tbody></table></div>`;
}

/** A share as whole percent, for a cell; null where there is none. */
export function shareCell(share: number | null | undefined): string | null {
  return share == null ? null : writePercent(share);
}

/** An interval of shares for a cell: `79% to 87%`; null where there is none. */
export function spanCell(interval: readonly [number, number] | null): string | null {
  return interval === null ? null : `${writePercent(interval[0])} to ${writePercent(interval[1])}`;
}

/** A verdict in words. */
export function sayVerdict(verdict: Verdict): string {
  return verdict.replaceAll('_', ' ');
}

/** A number, a share, a sum of money, or a span of one of these; also one that is only bounded. */
const FIGURE = /^(?:[<>] )?-?[\d.,]+%?(?: to -?[\d.,]+%?)?(?: [A-Z]{3})?$/;

const isFigure = (cell: string | number): boolean => typeof cell === 'number' || FIGURE.test(cell);

/** A name, a day, a comparison or a few short words, which are not to be broken. */
const WHOLE = /^(?:[<>=≤≥]* ?[\w.-]{1,24}|[\w -]{1,16})$/;
const NUMBER = markup` class="number"`;
const NO_NUMBER = markup` class="number none"`;
const UNBROKEN = markup` class="whole"`;
const NONE = markup` class="none"`;

function cellOf(cell: ReportCell, { name, isNumber }: { readonly name: string; readonly isNumber: boolean }): Markup {
  const text = typeof cell === 'number' ? cell.toLocaleString('en-US') : (cell ?? '–');
  const kind = cell === null ? (isNumber ? NO_NUMBER : NONE) : isNumber ? NUMBER : WHOLE.test(text) ? UNBROKEN : null;
  return markup`<td role="cell" data-name="${name}"${kind}>${text}</td>`;
}

/** Something too long for paper, to unfold on a screen; printed, it says that it is left out. */
export function unfolding(summary: string, body: Markup): Markup {
  return markup`<details class="long"><summary>${summary}</summary>${body}</details>`;
}

/** A chart under the sentence that says what it shows, with the same numbers as a table to unfold, which prints; null: the next has them. */
export function figure(sentence: string, chart: Markup, table: Markup | null): Markup {
  const beside = table === null ? null : markup`<details><summary>Show as table</summary>${table}</details>`;
  return markup`<figure><figcaption>${sentence}</figcaption><div class="scroll">${chart}</div>${beside}</figure>`;
}
