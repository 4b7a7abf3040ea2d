/** Values one a week, and the range that was usual before them. */
export interface SparklineProps {
  readonly values: readonly (number | null)[];
  readonly usual: { readonly low: number; readonly high: number } | null;
  /** What it says in words, for whoever does not see it. */
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
}

const PAD = 3;

/** A line of one account beside the band of its own past; a gap where nobody knows. */
export function Sparkline({ values, usual, label, width = 104, height = 24 }: SparklineProps) {
  const known = values.flatMap((value) => (value === null ? [] : [value]));
  const top = Math.max(1, ...known, usual?.high ?? 0);
  const x = (index: number): number => PAD + (index * (width - 2 * PAD)) / Math.max(1, values.length - 1);
  const y = (value: number): number => height - PAD - (value * (height - 2 * PAD)) / top;
  const last = values.findLastIndex((value) => value !== null);
  const lastValue = values[last];
  return (
    <svg width={width} height={height} role="img" aria-label={label} style={{ display: 'block' }}>
      <title>{label}</title>
      {usual !== null && (
        <rect
          x={0}
          width={width}
          y={y(usual.high)}
          height={Math.max(1.5, y(usual.low) - y(usual.high))}
          fill="var(--bw-accent)"
          opacity={0.15}
        />
      )}
      <path d={pathOf(values, x, y)} fill="none" stroke="var(--bw-accent)" strokeWidth={1.5} strokeLinejoin="round" />
      {lastValue != null && <circle cx={x(last)} cy={y(lastValue)} r={2} fill="var(--bw-accent)" />}
    </svg>
  );
}

function pathOf(
  values: readonly (number | null)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  let isDown = false;
  return values
    .map((value, index) => {
      if (value === null) {
        isDown = false;
        return '';
      }
      const step = `${isDown ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
      isDown = true;
      return step;
    })
    .join('');
}

/** How the last known value stands to what was usual, in words. */
export function trendText(name: string, values: readonly (number | null)[], usual: SparklineProps['usual']): string {
  const last = values.findLast((value) => value !== null) ?? null;
  if (last === null) return `${name}: unknown`;
  const now = `${name}: ${Math.round(100 * last) / 100}`;
  if (usual === null) return `${now}; too little of its own past to say what is usual`;
  const range = `${Math.round(usual.low)} to ${Math.round(usual.high)}`;
  const place = last < usual.low ? 'below' : last > usual.high ? 'above' : 'within';
  return `${now}, ${place} its usual ${range}`;
}
