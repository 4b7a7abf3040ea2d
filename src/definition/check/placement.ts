import type { Place } from '../../model/diagnostic.ts';
import { type DataCheck, type Finding, type FindingHead, finding, listed, type Subject } from './check.ts';
import type { Observations, Weight } from './observations.ts';

const HOLES: FindingHead = { code: 'hole', kind: 'operationalisation', requirement: 'D10', severity: 'warning' };
const OVERLAPS: FindingHead = { code: 'overlap', kind: 'operationalisation', requirement: 'D10', severity: 'info' };
const EMPTY: FindingHead = {
  code: 'empty-segment',
  kind: 'operationalisation',
  requirement: 'R016',
  severity: 'warning',
};

/** Accounts that no rule takes and those that several take, with their ARR; segments that nobody is in (D10). */
export const placement: DataCheck = {
  name: 'placement',
  find: ({ model }, observations) => [
    ...holes(model, observations),
    ...overlaps(model, observations),
    ...empty(model, observations),
  ],
};

type ModelOf = Subject['model'];

function holes(model: ModelOf, { fallback, customers }: Observations): readonly Finding[] {
  return fallback
    .filter((hole) => hole.accounts > 0)
    .map((hole) => {
      const place = model.segments.find((segment) => segment.name === hole.segment)?.place ?? segmentsOf(model);
      const message = `no rule takes ${weigh(hole, customers, model.currency)}; the fallback puts them into ${hole.segment}`;
      return finding(HOLES, place, message, 'Widen a rule, or accept the fallback for them.');
    });
}

function overlaps(model: ModelOf, { overlaps: found, customers }: Observations): readonly Finding[] {
  return found
    .filter((overlap) => overlap.accounts > 0)
    .map((overlap) => {
      const [first = ''] = overlap.segments;
      const message = `${weigh(overlap, customers, model.currency)} fit ${listed(overlap.segments)}; ${first} comes first`;
      return finding(
        OVERLAPS,
        segmentsOf(model),
        message,
        'Narrow one of the rules if the order does not say what you mean.',
      );
    });
}

function empty(model: ModelOf, { segments, customers }: Observations): readonly Finding[] {
  if (customers.accounts === 0) return [];
  return model.segments
    .filter(({ name }) => !segments.some((segment) => segment.segment === name && segment.accounts > 0))
    .map(({ name, place, isOverlay }) =>
      finding(
        { ...EMPTY, severity: isOverlay ? 'info' : 'warning' },
        place,
        `no customer is in ${name}`,
        isOverlay ? undefined : 'Check its thresholds, or merge it.',
      ),
    );
}

function segmentsOf(model: ModelOf): Place {
  return { file: model.file, field: 'segments' };
}

function weigh(part: Weight, whole: Weight, currency: string): string {
  const share = whole.accounts === 0 ? 0 : Math.round((100 * part.accounts) / whole.accounts);
  const accounts = part.accounts === 1 ? '1 account' : `${part.accounts} accounts`;
  return `${accounts} (${share}% of customers, ARR ${Math.round(part.arr)} ${currency})`;
}
