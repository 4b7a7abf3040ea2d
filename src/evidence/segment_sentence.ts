import type { SegmentPairRow, SegmentRow } from './segment_row.ts';
import { writeCount, writeList, writePercent, writePercentWithin } from './wording.ts';

/** What a segment's row says, in words. */
export function segmentSentence(row: Omit<SegmentRow, 'sentence'>): string {
  const name = row.basis === 'raw' ? row.segment : `${row.segment} (home)`;
  if (row.estimate === null)
    return `${name}: ${writeCount(row.n, 'account')}, too few to follow. It stays a hypothesis.`;
  const stay = `of its ${writeCount(row.n, 'account')} ${writePercentWithin(row.estimate, row.interval)} are still customers after ${row.horizonDays} days, and ${writePercent(row.expansion.estimate)} have expanded by then`;
  const money =
    row.net.estimate === null
      ? ''
      : `; of their ARR ${writePercent(row.gross.estimate)} is kept, ${writePercent(row.net.estimate)} with expansion`;
  return `${name}: ${stay}${money}. ${standingOf(row)}`;
}

function standingOf({ verdict, differs, needed }: Omit<SegmentRow, 'sentence'>): string {
  if (verdict === 'holds') {
    const how = [
      differs.retention.verdict === 'holds' ? `leave ${rateOf(differs.retention.hazardRatio)}` : '',
      differs.expansion.verdict === 'holds' ? `expand ${rateOf(differs.expansion.hazardRatio)}` : '',
    ].filter((part) => part !== '');
    return `Its members ${writeList(how)} of other segments.`;
  }
  if (verdict === 'fails')
    return 'A difference from other segments that is worth acting on can be ruled out: it is a label.';
  const accounts = needed?.accounts ?? null;
  const more = accounts === null ? '' : `; about ${writeCount(accounts, 'account')} would settle it`;
  return `Whether that differs from other segments cannot be told yet${more}: it stays a hypothesis.`;
}

function rateOf(hazardRatio: number | null): string {
  const ratio = hazardRatio ?? 1;
  return ratio < 1 ? `at ${writePercent(ratio)} of the rate` : `at ${ratio.toFixed(1)} times the rate`;
}

/** What a pair of segments says, in words. */
export function pairSentence(row: Omit<SegmentPairRow, 'sentence'>): string {
  const pair = `${row.segments[0]} and ${row.segments[1]}${row.basis === 'home' ? ' (home)' : ''}`;
  const { retention, expansion } = row.differs;
  if (row.verdict === 'holds') {
    const how = [retention, expansion].flatMap(({ verdict }, index) =>
      verdict === 'holds' ? [index === 0 ? 'how many stay' : 'how many expand'] : [],
    );
    return `${pair} differ in ${writeList(how)}.`;
  }
  const hidden = [retention, expansion].find(({ q }) => q !== null && q <= 0.05);
  const found =
    hidden !== undefined
      ? `${pair} seem to differ, but ${hidden.reason}.`
      : row.verdict === 'fails'
        ? `${pair}: a difference in staying or expanding that is worth acting on can be ruled out.`
        : `${pair} were not told apart by staying or expanding; with so few accounts that does not mean that they are the same.`;
  if (row.advice === 'keep')
    return `${found} They are worked differently, which is reason enough to keep both for now.`;
  return `${found} Their ${writeList(row.sameMotion)} ${row.sameMotion.length === 1 ? 'is' : 'are'} the same or missing: give them different ones, or merge them.`;
}
