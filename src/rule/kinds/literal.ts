import type { Kind } from '../kind.ts';

/** A number, a text in single quotes, or `null`. */
export const literal: Kind = {
  name: 'literal',
  parseHead: (cursor) => {
    const token = cursor.peek();
    if (token.type === 'number') {
      cursor.take();
      const value = Number(token.text);
      if (!Number.isFinite(value)) return cursor.fails(token, `\`${token.text}\` is too large for a number`);
      return cursor.node('literal', token.start, { value });
    }
    if (token.type === 'text') {
      cursor.take();
      return cursor.node('literal', token.start, { value: token.text });
    }
    return cursor.accepts('null') ? cursor.node('literal', token.start) : null;
  },
  typeOf: (node) => {
    if (node.value === null) return 'null';
    return typeof node.value === 'number' ? 'number' : 'text';
  },
  check: () => {},
  compile: (node) => {
    if (node.value === null) return 'NULL';
    return typeof node.value === 'number' ? sqlNumber(node.value) : sqlText(node.value);
  },
  hold: (node) => node.value,
  describe: (node) => (node.value === null ? 'unknown' : String(node.value)),
};

/** A SQL literal of type Float64: with a point or an exponent, or integer arithmetic would wrap. */
function sqlNumber(value: number): string {
  const digits = String(value);
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

/** A SQL string literal in which no character can end it or begin an escape. */
function sqlText(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0');
  return `'${escaped}'`;
}
