type PValues = readonly (number | null)[];

/**
 * Benjamini-Hochberg q-values: of all tests with q at most x, a share of about x at most is false.
 *
 * Shape: one value per p, in the order given, in [0, 1]; a null (nothing was tested) stays null and is not counted.
 * Refuses: p-values that are no probabilities (throws).
 * Source: Benjamini and Hochberg 1995, J. R. Statist. Soc. B 57, 289-300; as R p.adjust(method = "BH").
 */
export function benjaminiHochberg(pValues: PValues): readonly (number | null)[] {
  return adjust(pValues, (sorted) => {
    const tests = sorted.length;
    const adjusted = sorted.map((p, rank) => (p * tests) / (rank + 1));
    for (let rank = tests - 2; rank >= 0; rank--) {
      adjusted[rank] = Math.min(adjusted[rank] ?? 1, adjusted[rank + 1] ?? 1);
    }
    return adjusted;
  });
}

/**
 * Holm's adjusted p-values: the chance of even one false finding among those at most x is at most x.
 *
 * Shape: one value per p, in the order given, in [0, 1]; a null stays null and is not counted.
 * Refuses: p-values that are no probabilities (throws).
 * Source: Holm 1979, Scand. J. Statist. 6, 65-70; as R p.adjust(method = "holm").
 */
export function holm(pValues: PValues): readonly (number | null)[] {
  return adjust(pValues, (sorted) => {
    let worst = 0;
    return sorted.map((p, rank) => {
      worst = Math.max(worst, p * (sorted.length - rank));
      return worst;
    });
  });
}

function adjust(pValues: PValues, rule: (sorted: readonly number[]) => readonly number[]): readonly (number | null)[] {
  const places = pValues.flatMap((p, place) => (p === null ? [] : [{ p, place }]));
  for (const { p, place } of places) {
    if (!(p >= 0 && p <= 1)) throw new Error(`p-value ${place} is ${p}: it must be in [0, 1]`);
  }
  places.sort((a, b) => a.p - b.p);
  const adjusted = rule(places.map(({ p }) => p));
  const answer: (number | null)[] = pValues.map(() => null);
  for (const [rank, { place }] of places.entries()) answer[place] = Math.min(1, adjusted[rank] ?? 1);
  return answer;
}
