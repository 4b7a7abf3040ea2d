/** What a one-sided test looks for: an odds ratio above 1 (`greater`) or below 1 (`less`). */
export type Alternative = 'two-sided' | 'greater' | 'less';

/** A 2 x 2 table of counts: a and b in the first row, c and d in the second. */
export interface FourfoldTable {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

const TIE = 1e-7;

/**
 * Whether rows and columns of a 2 x 2 table go together, exactly: the chance of a table at least as unlikely, given the
 * margins. 1 where a margin is empty, since then only one table is possible.
 *
 * Shape: p in [0, 1]; tables as likely as the one seen but for a relative 1e-7 count as equally likely, as in R.
 * Refuses: counts that are not whole numbers of 0 or more (throws).
 * Source: Fisher 1935; as R fisher.test. Summed as logarithms, so that large counts neither overflow nor vanish.
 */
export function fisherExact({ a, b, c, d }: FourfoldTable, alternative: Alternative = 'two-sided'): number {
  for (const count of [a, b, c, d]) {
    if (!(Number.isInteger(count) && count >= 0)) throw new Error(`${count} is no count: a whole number of 0 or more`);
  }
  const { least, logWeights } = hypergeometric(a + b, c + d, a + c);
  const own = logWeights[a - least] as number;
  const isIncluded = (place: number): boolean => {
    if (alternative === 'greater') return place >= a - least;
    if (alternative === 'less') return place <= a - least;
    return (logWeights[place] as number) <= own + Math.log1p(TIE);
  };
  const top = logWeights.reduce((most, weight) => Math.max(most, weight), Number.NEGATIVE_INFINITY);
  let included = 0;
  let all = 0;
  for (let place = 0; place < logWeights.length; place++) {
    const weight = Math.exp((logWeights[place] as number) - top);
    all += weight;
    if (isIncluded(place)) included += weight;
  }
  return included === all ? 1 : included / all;
}

/** The logarithms, up to a constant, of the chances of every possible first cell; `least` is the smallest of them. */
function hypergeometric(
  firstRow: number,
  secondRow: number,
  firstColumn: number,
): { readonly least: number; readonly logWeights: Float64Array } {
  const least = Math.max(0, firstColumn - secondRow);
  const most = Math.min(firstRow, firstColumn);
  const logWeights = new Float64Array(most - least + 1);
  for (let cell = least; cell < most; cell++) {
    const ratio = (((firstRow - cell) / (cell + 1)) * (firstColumn - cell)) / (secondRow - firstColumn + cell + 1);
    logWeights[cell - least + 1] = (logWeights[cell - least] as number) + Math.log(ratio);
  }
  return { least, logWeights };
}
