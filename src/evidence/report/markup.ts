/** Markup that is safe to put into a page: made by `markup`, which escapes every value that is not markup itself. */
export interface Markup {
  readonly text: string;
}

type Value = string | number | Markup | null | undefined | readonly Markup[];

/** A piece of HTML or SVG from a template; text and numbers are escaped, null and undefined are nothing. */
export function markup(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const text = parts.reduce((written, part, index) => `${written}${textOf(values[index - 1])}${part}`);
  return { text };
}

function textOf(value: Value): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escaped(value);
  if (Array.isArray(value)) return value.map(({ text }) => text).join('');
  return (value as Markup).text;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
