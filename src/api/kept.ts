/** Asks at most once in so many milliseconds; askers who come at once share one reading, and a failure is not kept. */
export function kept<T>(millis: number, clock: () => number, read: () => Promise<T>): () => Promise<T> {
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<T> | null = null;
  return () => {
    if (reading !== null && Math.abs(clock() - readAt) < millis) return reading;
    readAt = clock();
    const mine = read();
    reading = mine;
    mine.catch(() => {
      if (reading === mine) reading = null;
    });
    return mine;
  };
}
