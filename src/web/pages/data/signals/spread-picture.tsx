import type { ReactNode } from 'react';
import type { SpreadBody } from '../../../../api/contract.ts';
import { wholeText } from '../../../format.ts';
import styles from './signals.module.css';

/** How the values of one signal lie. */
export type Spread = NonNullable<SpreadBody['signals'][number]['before']>;

const WIDTH = 240;
const BASE = 40;
/** Room at the right for what lies above the last bin, and for what is unknown. */
const ASIDE = 14;

/** A value in few digits. */
export function valueText(value: number): string {
  if (Math.abs(value) >= 1_000 || Number.isInteger(value)) return wholeText(value);
  return String(Number(value.toFixed(Math.abs(value) < 1 ? 3 : 1))).replace('-', '−');
}

/** Where the values lie, in one sentence. */
export function spreadSentence({ known, of, quantiles, values }: Spread): string {
  if (known === 0) return `Of ${wholeText(of)} nobody has a known value.`;
  if (values !== null) {
    const told = values.slice(0, 3).map(({ value, count }) => `${value} (${wholeText(count)})`);
    return `Most often ${told.join(', ')}.`;
  }
  if (quantiles === null) return '';
  const { p25, median, p75 } = quantiles;
  if (p25 === p75) return `At least half have ${valueText(median)}.`;
  return `Half lie between ${valueText(p25)} and ${valueText(p75)}; the median is ${valueText(median)}.`;
}

/** The bars of a spread, with its quantiles as a strip under them; who is unknown stands apart, never as a zero. */
export function SpreadPicture({
  spread,
  most,
  isLarge = false,
}: {
  readonly spread: Spread;
  /** Height of the picture in people, so that two beside each other are drawn to one scale; absent: its own. */
  readonly most?: number;
  readonly isLarge?: boolean;
}) {
  const { bins, of, known, values } = spread;
  const unknown = of - known;
  const tallest = most ?? tallestOf(spread);
  const height = (count: number): number => (count === 0 ? 0 : Math.max(1.5, (BASE * count) / tallest));
  const told = `${spreadSentence(spread)} ${wholeText(known)} known, ${wholeText(unknown)} unknown.`;
  if (values !== null && isLarge) return <Values spread={spread} />;
  const counts = bins?.counts ?? values?.map(({ count }) => count) ?? [];
  const step = WIDTH / Math.max(1, counts.length);
  return (
    <svg
      role="img"
      aria-label={told}
      viewBox={`0 0 ${WIDTH + 2 * ASIDE + 8} ${BASE + 12}`}
      className={isLarge ? styles['large'] : styles['picture']}
      preserveAspectRatio="none"
    >
      {counts.map((count, place) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: bins are told apart by their place alone
          key={place}
          x={place * step + 0.5}
          y={BASE - height(count)}
          width={Math.max(1, step - 1)}
          height={height(count)}
          fill="var(--bw-accent)"
          opacity={0.78}
        />
      ))}
      {bins !== null && bins.above > 0 && (
        <rect
          x={WIDTH + 4}
          y={BASE - height(bins.above)}
          width={ASIDE - 4}
          height={height(bins.above)}
          fill="var(--bw-accent)"
          opacity={0.4}
        />
      )}
      {unknown > 0 && (
        <rect
          x={WIDTH + ASIDE + 6}
          y={BASE - height(unknown)}
          width={ASIDE - 4}
          height={height(unknown)}
          fill="none"
          stroke="var(--bw-muted)"
          strokeDasharray="2 2"
          vectorEffect="non-scaling-stroke"
        />
      )}
      <line x1={0} x2={WIDTH} y1={BASE} y2={BASE} stroke="var(--bw-line-strong)" vectorEffect="non-scaling-stroke" />
      <Strip spread={spread} />
    </svg>
  );
}

/** Where a tenth, a quarter and a half lie, on the scale of the bars. */
function Strip({ spread: { bins, quantiles } }: { readonly spread: Spread }) {
  if (bins === null || quantiles === null || bins.high <= bins.low) return null;
  const at = (value: number): number => WIDTH * Math.min(1, (value - bins.low) / (bins.high - bins.low));
  const isWhole = bins.counts.length < 24 && Number.isInteger(bins.low);
  const half = isWhole ? WIDTH / bins.counts.length / 2 : 0;
  const place = (value: number): number => Math.min(WIDTH, at(value) + half);
  const { p10, p25, median, p75, p90 } = quantiles;
  const middle = BASE + 7;
  return (
    <g stroke="var(--bw-muted)">
      <line x1={place(p10)} x2={place(p90)} y1={middle} y2={middle} strokeWidth={1} />
      <line x1={place(p25)} x2={place(p75)} y1={middle} y2={middle} strokeWidth={4} opacity={0.6} />
      <line
        x1={place(median)}
        x2={place(median)}
        y1={middle - 4}
        y2={middle + 4}
        stroke="var(--bw-text)"
        strokeWidth={2}
      />
    </g>
  );
}

function Values({ spread: { values, of, known } }: { readonly spread: Spread }) {
  const rows = [...(values ?? []), ...(of > known ? [{ value: 'unknown', count: of - known }] : [])];
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <ul className={styles['values']}>
      {rows.map(({ value, count }) => (
        <li key={value}>
          <span>{value}</span>
          <span className={styles['track']} aria-hidden>
            <span className={styles['fill']} style={{ width: `${(100 * count) / most}%` }} />
          </span>
          <span className="number">{wholeText(count)}</span>
        </li>
      ))}
    </ul>
  );
}

/** How many have the most frequent bin of a spread, or are unknown. */
export function tallestOf({ bins, of, known, values }: Spread): number {
  return Math.max(1, of - known, bins?.above ?? 0, ...(bins?.counts ?? values?.map(({ count }) => count) ?? []));
}

/** The same in numbers, with what is unknown and why. */
export function SpreadNumbers({ spread }: { readonly spread: Spread }) {
  const { quantiles, known, of, unknown, bins } = spread;
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['known', `${wholeText(known)} of ${wholeText(of)}`],
    ...(unknown.missing > 0 ? [['no data', wholeText(unknown.missing)] as const] : []),
    ...(unknown.notYet > 0 ? [['not yet', wholeText(unknown.notYet)] as const] : []),
    ...(unknown.none > 0 ? [['never', wholeText(unknown.none)] as const] : []),
    ...(quantiles === null
      ? []
      : ([
          ['least', valueText(quantiles.least)],
          ['tenth', valueText(quantiles.p10)],
          ['quarter', valueText(quantiles.p25)],
          ['median', valueText(quantiles.median)],
          ['three quarters', valueText(quantiles.p75)],
          ['nine tenths', valueText(quantiles.p90)],
          ['most', valueText(quantiles.most)],
        ] as const)),
    ...(bins !== null && bins.above > 0 ? [[`above ${valueText(bins.high)}`, wholeText(bins.above)] as const] : []),
  ];
  return (
    <dl className={styles['numbers']}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
