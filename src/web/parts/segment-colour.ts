import { OVERLAY_COLOUR, SEGMENT_COLOURS } from '../tokens.ts';

/** A segment as pages need it to colour it. */
export interface SegmentName {
  readonly name: string;
  readonly isOverlay: boolean;
}

/** How a segment looks wherever it stands: one colour, hatched where it is the overlay. */
export interface SegmentLook {
  readonly colour: string;
  readonly isHatched: boolean;
}

/** The looks of a model's segments, in the order in which it lists them; more segments than colours begin again. */
export function segmentLooks(
  segments: readonly SegmentName[],
  scheme: 'light' | 'dark',
): ReadonlyMap<string, SegmentLook> {
  const colours = SEGMENT_COLOURS[scheme];
  const home = segments.filter(({ isOverlay }) => !isOverlay);
  return new Map(
    segments.map((segment): [string, SegmentLook] => {
      if (segment.isOverlay) return [segment.name, { colour: OVERLAY_COLOUR[scheme], isHatched: true }];
      return [segment.name, { colour: colours[home.indexOf(segment) % colours.length] ?? '', isHatched: false }];
    }),
  );
}
