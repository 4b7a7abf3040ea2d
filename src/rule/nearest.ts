/** Words further away than this share of their length are not offered: a wild guess helps nobody. */
const MAX_DISTANCE_SHARE = 0.4;

/**
 * The word nearest to a misspelt one, or null if none is near.
 *
 * Why: optimal string alignment distance (insert, delete, replace, swap of neighbours), case ignored, is what fingers do.
 */
export function nearest(word: string, candidates: Iterable<string>, maxShare = MAX_DISTANCE_SHARE): string | null {
  let best: string | null = null;
  let bestDistance = Math.min(Math.max(1, Math.floor(word.length * maxShare)), word.length - 1) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The sentence that offers the nearest word, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const found = nearest(word, candidates);
  return found === null ? undefined : `Did you mean \`${found}\`?`;
}

function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let distance = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + cost);
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) distance = Math.min(distance, (before[column - 2] ?? 0) + 1);
      current.push(distance);
    }
    before = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
