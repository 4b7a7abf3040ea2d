import { describe, expect, it } from 'vitest';
import { parseStep } from '../../src/warehouse/ddl-steps.ts';

describe('a step of the schema', () => {
  it('is cut into statements without its comments', () => {
    const step = parseStep('0001-x', "-- why; because\nCREATE TABLE a (x String DEFAULT ';');\n\nSELECT 1;\n");
    expect(step.statements).toEqual(["CREATE TABLE a (x String DEFAULT ';')", 'SELECT 1']);
  });
});
