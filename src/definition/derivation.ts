import type { Diagnostic, Place } from '../model/diagnostic.ts';
import type { Condition } from '../rule/condition.ts';
import { homeClasses } from './home.ts';
import type { Class, Model } from './model.ts';

/** A name that is derived from others, the names it needs, and where it is defined. */
interface Derived {
  readonly name: string;
  readonly needs: readonly string[];
  readonly place: Place;
}

/**
 * The derived names of accounts in an order in which each comes after all that it needs: bands, what counts tiers,
 * cohort, lifecycle, archetype, value, scores, eligibility. The model must be free of cycles.
 */
export function derivationOrder(model: Model): readonly string[] {
  const graph = new Map(derivedNames(model).map((derived) => [derived.name, derived]));
  const done = new Set<string>();
  const visit = (name: string): void => {
    const derived = graph.get(name);
    if (derived === undefined || done.has(name)) return;
    done.add(name);
    for (const need of derived.needs) visit(need);
    ordered.push(name);
  };
  const ordered: string[] = [];
  for (const name of graph.keys()) visit(name);
  return ordered;
}

/** Names that need each other, each loop told once and printed. */
export function findCycles(model: Model): readonly Diagnostic[] {
  const graph = new Map(derivedNames(model).map((derived) => [derived.name, derived]));
  const state = new Map<string, 'open' | 'done'>();
  const found: Diagnostic[] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    const derived = graph.get(name);
    if (derived === undefined || state.get(name) === 'done') return;
    if (state.get(name) === 'open') {
      found.push(cycle([...trail.slice(trail.indexOf(name)), name], derived.place));
      return;
    }
    state.set(name, 'open');
    for (const need of derived.needs) visit(need, [...trail, name]);
    state.set(name, 'done');
  };
  for (const name of graph.keys()) visit(name, []);
  return found;
}

function cycle(loop: readonly string[], place: Place): Diagnostic {
  return {
    code: 'cycle',
    severity: 'error',
    message: `these names need each other: ${loop.join(' needs ')}`,
    place,
    suggestion: 'Let one of them be decided without the other.',
  };
}

function derivedNames(model: Model): readonly Derived[] {
  const file: Place = { file: model.file };
  const fixed = (name: string, ...needs: readonly string[]): Derived => ({ name, needs, place: file });
  const listed = (name: string, list: readonly Class[]): Derived => ({
    name,
    needs: list.flatMap((item) => namesIn(item.when)),
    place: list[0]?.place ?? file,
  });
  return [
    ...model.bands.map((band) => listed(band.name, band.bands)),
    ...model.signals
      .filter((signal) => signal.like !== null)
      .map((signal) => ({ name: signal.name, needs: [signal.like ?? ''], place: signal.place })),
    fixed('power_user_density', 'power_users'),
    listed('cohort', model.cohorts),
    fixed('lifecycle', 'cohort', 'activated', 'account_age_days', 'relationship'),
    fixed('direction', 'momentum_60d', 'momentum_t_60d'),
    listed('archetype', model.archetypes),
    fixed('value_score', 'arr', 'nrr_12m', 'cost_to_serve_12m', 'capacity_used'),
    fixed('value_tier', 'value_score'),
    fixed('eligible', ...namesIn(model.icp)),
    {
      name: 'health_score',
      needs: [...componentsOf(model), ...homeNames(model)],
      place: model.health[0]?.place ?? file,
    },
    fixed('composite_score', 'health_score', 'value_score', 'job_realised', 'eligible'),
  ];
}

function componentsOf(model: Model): readonly string[] {
  const own = model.segments.flatMap((segment) => segment.health ?? []);
  return [...model.health, ...own].map((component) => component.signal);
}

/** Where a segment sets its own components, the health score needs to know the home segment first. */
function homeNames(model: Model): readonly string[] {
  const isOwn = model.segments.some((segment) => !segment.isOverlay && segment.health !== null);
  return isOwn ? homeClasses(model).flatMap((item) => namesIn(item.when)) : [];
}

function namesIn(condition: Condition | null): readonly string[] {
  return condition?.names ?? [];
}
