import type { ChartTable } from './chart-table.tsx';
import { plainMarkup } from './chart-theme.ts';

/** A drawn chart, and what stands around it when it leaves the page. */
export interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly ground: string;
  readonly text: string;
}

const MARGIN = 16;
const TITLE_PIXELS = 16;
const TITLE_LINE = 22;
/** About how wide a letter of the title is. */
const LETTER_PIXELS = 8.2;
/** Pixels of a picture for one of the page, so that it is sharp in a slide. */
const PICTURE_SCALE = 2;

/** The sentence in lines that are no wider than the picture. */
function linesOf(title: string, width: number): readonly string[] {
  const most = Math.max(20, Math.floor(width / LETTER_PIXELS));
  const lines: string[] = [];
  for (const word of title.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= most) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** The chart with its sentence above it, as a picture that stands alone. */
function standalone({ svg, width, height, title, ground, text }: Drawing) {
  const lines = linesOf(title, width);
  const top = MARGIN + lines.length * TITLE_LINE;
  const all = { width: width + 2 * MARGIN, height: top + height + MARGIN };
  const spans = lines.map((line, index) => {
    const y = MARGIN + TITLE_PIXELS + index * TITLE_LINE;
    return `<text x="${MARGIN}" y="${y}" font-family="Inter, system-ui, sans-serif" font-size="${TITLE_PIXELS}" font-weight="600" fill="${text}">${plainMarkup(line)}</text>`;
  });
  const inner = svg.slice(Math.max(0, svg.indexOf('<svg'))).replace(/^<svg/, `<svg x="${MARGIN}" y="${top}"`);
  const markup = `<svg xmlns="http://www.w3.org/2000/svg" width="${all.width}" height="${all.height}"><rect width="100%" height="100%" fill="${ground}"/>${spans.join('')}${inner}</svg>`;
  return { ...all, markup };
}

/** The chart as SVG, to keep. */
export function saveSvg(drawing: Drawing, name: string): void {
  save(new Blob([standalone(drawing).markup], { type: 'image/svg+xml' }), `${name}.svg`);
}

/** The chart as PNG, to keep. */
export async function savePng(drawing: Drawing, name: string): Promise<void> {
  const { markup, width, height } = standalone(drawing);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * PICTURE_SCALE;
  canvas.height = height * PICTURE_SCALE;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser draws no pictures; save the SVG instead.');
  context.scale(PICTURE_SCALE, PICTURE_SCALE);
  context.drawImage(image, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('This browser draws no pictures; save the SVG instead.');
  save(blob, `${name}.png`);
}

/** The rows as CSV; a text that a spreadsheet would take for a formula has a quote before it. */
function csvOf({ columns, rows }: Pick<ChartTable, 'columns' | 'rows'>): string {
  const cell = (value: string | number | null): string => {
    if (value === null) return '';
    if (typeof value === 'number') return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const lines = [columns.map(({ name }) => name), ...rows].map((row) => row.map(cell).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

/** The rows as CSV, to keep. */
export function saveCsv(table: Pick<ChartTable, 'columns' | 'rows'>, name: string): void {
  save(new Blob([csvOf(table)], { type: 'text/csv;charset=utf-8' }), `${name}.csv`);
}

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
