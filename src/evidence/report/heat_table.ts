import { type Markup, markup } from './markup.ts';

/** One field of a heat table: how full it is (0 to 1), and what is written in it, the second line smaller. */
export interface HeatField {
  readonly fill: number;
  readonly text: string;
  readonly note: string;
  /** Set off from the others of its row: what is claimed of it holds. */
  readonly isHeld: boolean;
}

/** A line of a heat table: its name, plain figures, then fields; null is a field about which there is nothing. */
export interface HeatRow {
  readonly label: string;
  readonly figures: readonly string[];
  readonly fields: readonly (HeatField | null)[];
}

/** A table whose fields are the darker the fuller they are: picture and numbers in one. */
export function heatTable(caption: string, head: readonly string[], rows: readonly HeatRow[]): Markup {
  return markup`<div class="table"><table class="heat"><caption><span>${caption}</span></caption><thead><tr>${head.map((cell) => markup`<th scope="col">${cell}</th>`)}</tr></thead>
    <tbody>${rows.map(
      ({ label, figures, fields }) =>
        markup`<tr><th scope="row">${label}</th>${figures.map((cell) => markup`<td class="number">${cell}</td>`)}${fields.map(fieldOf)}</tr>`,
    )}</tbody></table></div>`;
}

function fieldOf(field: HeatField | null): Markup {
  if (field === null) return markup`<td class="field empty">–</td>`;
  const { fill, text, note, isHeld } = field;
  const heat = Math.round(Math.min(1, Math.max(0, fill)) * 100);
  return markup`<td class="${isHeld ? 'field held' : 'field'}" style="--heat:${heat}%">${text}<small>${note}</small></td>`;
}
