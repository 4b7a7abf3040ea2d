import { useComputedColorScheme } from '@mantine/core';
import { OVERLAY_COLOUR, SEGMENT_COLOURS } from '../tokens.ts';
import styles from './door.module.css';

/** Flows between two columns of segments, as the page of moves draws them: from where, to where, how thick. */
const FLOWS: readonly (readonly [from: number, to: number, thickness: number, colour: number])[] = [
  [24, 22, 40, 0],
  [55, 131, 14, 0],
  [94, 62, 16, 1],
  [122, 105, 30, 1],
  [142, 281, 8, -1],
  [184, 162, 32, 2],
  [209, 238, 10, 2],
  [244, 194, 14, 3],
  [266, 221, 20, 3],
  [278, 290, 8, -1],
  [312, 312, 30, 4],
];

const LEFT = 8;
const RIGHT = 472;
const BEND = 200;

/** The picture at the door: accounts moving between segments. It says nothing that a reader would miss. */
export function FlowPicture() {
  const scheme = useComputedColorScheme('light');
  const colourOf = (place: number) => (place < 0 ? OVERLAY_COLOUR[scheme] : SEGMENT_COLOURS[scheme][place]);
  return (
    <svg className={styles['picture']} viewBox="0 0 480 350" aria-hidden="true">
      {FLOWS.map(([from, to, thickness, colour]) => (
        <path
          key={`${from} ${to}`}
          d={`M${LEFT} ${from} C${LEFT + BEND} ${from} ${RIGHT - BEND} ${to} ${RIGHT} ${to}`}
          fill="none"
          stroke={colourOf(colour)}
          strokeWidth={thickness}
          strokeOpacity={0.34}
        />
      ))}
      {FLOWS.map(([from, to, thickness, colour]) => (
        <g key={`${from} ${to}`} fill={colourOf(colour)}>
          <rect x={LEFT - 6} y={from - thickness / 2} width={6} height={thickness} />
          <rect x={RIGHT} y={to - thickness / 2} width={6} height={thickness} />
        </g>
      ))}
    </svg>
  );
}
