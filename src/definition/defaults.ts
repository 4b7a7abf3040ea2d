import { parse } from 'yaml';
import { RULES_YAML } from './example/rules.ts';
import { SEGMENTS_YAML } from './example/segments.ts';
import { MODEL_SCHEMA, type RawModel, type RawMotion } from './schema.ts';

/** The shipped rules in the file's own shape: what a model takes where it leaves a part out. */
export const SHIPPED: RawModel = MODEL_SCHEMA.parse(parse(`${RULES_YAML}${SEGMENTS_YAML}`));

/** A number of the shipped rules, which are known to be complete. */
export function shipped(value: number | null | undefined): number {
  if (value == null) throw new Error('the shipped rules leave a number out');
  return value;
}

/** Coverage and cadences of the shipped segment of that name, for a segment that says nothing about them. */
export function shippedMotion(name: string): RawMotion | undefined {
  const segments = Array.isArray(SHIPPED.segments) ? SHIPPED.segments : [];
  return segments.find((segment) => segment.name === name)?.motion ?? undefined;
}
