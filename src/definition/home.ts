import type { Class, Model } from './model.ts';

/**
 * What decides the home segment, first match wins: the rules of the home segments as listed, then the rungs of the
 * fallback (D10). Shape: one class per rule or rung, named by its segment; `when` null: otherwise.
 */
export function homeClasses(model: Model): readonly Class[] {
  return [
    ...model.segments.filter((segment) => !segment.isOverlay),
    ...model.fallback.map(({ segment, when, place }) => ({ name: segment, when, place })),
  ];
}
