import { describe, expect, it } from 'vitest';
import { ExpressionError, parseExpression } from '../../src/ingest/expression.ts';
import { compileExpression } from '../../src/ingest/expression-sql.ts';

const names = ['mrr', 'region', 'user.id'];
const compile = (text: string): string => {
  const compiled = compileExpression(
    parseExpression(text),
    (name) => (names.includes(name) ? { name, kind: 'text', sql: name } : undefined),
    names,
  );
  return compiled.ok
    ? compiled.expression.sql
    : compiled.unknown.map(({ name, nearest }) => `${name}->${nearest}`).join();
};

describe('the mapping language', () => {
  it.each([
    ["'it''s'", "'it\\'s'"],
    ["region || '-' || user.id", "concat(concat(region, '-'), user.id)"],
    ["split(region, ',', 2)", "arrayElement(splitByString(',', region), toInt64(ifNull(toFloat64(2), 1)))"],
    ["region = 'emea'", "(region) = ('emea')"],
    ["region not like 'e%'", "(region) NOT LIKE ('e%')"],
    ['2 * 3', '((toFloat64(2)) * (toFloat64(3)))'],
  ])('%s', (text, sql) => {
    expect(compile(text)).toBe(sql);
  });

  it('binds as arithmetic does', () => {
    expect(parseExpression('a + b * c - d')).toEqual(parseExpression('(a + (b * c)) - d'));
    expect(parseExpression('not a = 1 and b = 2 or c = 3')).toEqual(
      parseExpression('((not (a = 1)) and (b = 2)) or (c = 3)'),
    );
  });

  it.each([
    ['mrr *', 6],
    ['(mrr', 5],
    ['mrr # 2', 5],
    ["'open", 1],
    ['mrr is', 7],
    ['a b', 3],
    ['', 1],
  ])('says where %s is wrong', (text, column) => {
    let failure: unknown;
    try {
      parseExpression(text);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(ExpressionError);
    expect((failure as ExpressionError).column).toBe(column);
  });

  it('refuses what is nested without end', () => {
    expect(() => parseExpression('('.repeat(200))).toThrow(ExpressionError);
    expect(() => parseExpression(`a${' + a'.repeat(2_000)}`)).toThrow(ExpressionError);
  });

  it('names the nearest', () => {
    expect(compile('mmr * 12 + regoin')).toBe('mmr->mrr,regoin->region');
    expect(compile('uper(region)')).toBe('uper->upper');
  });
});
