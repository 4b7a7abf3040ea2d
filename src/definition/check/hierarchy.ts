import type { Place } from '../../model/diagnostic.ts';
import { type Finding, type FindingHead, finding, listed, type ModelCheck } from './check.ts';
import { type Dimension, dimensionsOf } from './dimension.ts';

const NO_ICP: FindingHead = { code: 'no-icp', kind: 'operationalisation', requirement: 'R007', severity: 'info' };
const OVERLAY: FindingHead = { code: 'overlay', kind: 'operationalisation', requirement: 'D10', severity: 'error' };
const ONE_DIMENSION: FindingHead = {
  code: 'one-dimension',
  kind: 'operationalisation',
  requirement: 'R006',
  severity: 'warning',
};
const TIERS: FindingHead = { code: 'tier-missing', kind: 'operationalisation', requirement: 'D3', severity: 'warning' };

/** The order of things: an ICP above the segments, one overlay among them, two dimensions at least, tiers that are counted. */
export const hierarchy: ModelCheck = {
  name: 'hierarchy',
  find: (subject) => {
    const { model, catalogue } = subject;
    const at = (field: string): Place => ({ file: model.file, field });
    const findings: Finding[] = [];
    if (model.icp === null) {
      const advice = 'Write who can be a customer at all: size, industry, technology, funding, geography.';
      findings.push(finding(NO_ICP, at('icp'), 'no `icp` is given, so every account counts as eligible', advice));
    }
    const overlays = model.segments.filter((segment) => segment.isOverlay);
    for (const segment of overlays.slice(1)) {
      findings.push(
        finding(
          OVERLAY,
          segment.place,
          `${listed(overlays.map((each) => each.name))} all lie over the home segments`,
          'Only one can.',
        ),
      );
    }
    if (overlays.length > 0 && overlays.length === model.segments.length) {
      findings.push(
        finding(
          OVERLAY,
          at('segments'),
          'there is no home segment under the overlay',
          'Add the segments that accounts have when they are well.',
        ),
      );
    }
    findings.push(...entersNothing(subject.model.segments, overlays.length > 0));
    const dimensions = new Set<Dimension>(
      model.segments.flatMap((segment) => [...dimensionsOf(segment.when, model, catalogue)]),
    );
    const isBehavioural = dimensions.has('behavioural') || dimensions.has('lifecycle');
    if (!isBehavioural || dimensions.size < 2) {
      const message = `the segments read ${dimensions.size === 0 ? 'nothing' : `only the dimension ${listed([...dimensions])}`}`;
      findings.push(
        finding(
          ONE_DIMENSION,
          at('segments'),
          message,
          'A model that works has firmographics as filter and behaviour as difference.',
        ),
      );
    }
    for (const tier of ['power', 'at_risk'].filter((name) => !model.users.tiers.some((each) => each.name === name))) {
      const message = `no tier is called \`${tier}\`, so \`${tier}_users\` is 0 for every account`;
      findings.push(
        finding(TIERS, model.users.tiers[0]?.place ?? at('users.tiers'), message, `Name one of the tiers \`${tier}\`.`),
      );
    }
    return findings;
  },
};

function entersNothing(
  segments: Parameters<ModelCheck['find']>[0]['model']['segments'],
  hasOverlay: boolean,
): readonly Finding[] {
  if (hasOverlay) return [];
  return segments
    .flatMap((segment) => segment.motion.churnIndicators)
    .filter((indicator) => indicator.entersAtRisk)
    .map((indicator) =>
      finding(
        { ...OVERLAY, severity: 'warning' },
        indicator.place,
        `\`${indicator.name}\` enters At-Risk, but no segment lies over the others`,
      ),
    );
}
