import { z } from 'zod';
import { MODEL_SCHEMA } from './schema.ts';

/** The JSON Schema of `bellwether.yaml`, as text, for completion and checks in editors. */
export function writeJsonSchema(): string {
  const schema = z.toJSONSchema(MODEL_SCHEMA, { target: 'draft-7', reused: 'ref' });
  return `${JSON.stringify({ title: 'Bellwether model', ...schema }, null, 2)}\n`;
}
