import type { ModelCheck } from './check.ts';
export const MODEL_CHECKS: readonly ModelCheck[] = [];
