const MOST_ASKERS = 100_000;

/** Answers how many requests were counted in the window, and for how many milliseconds it goes on. */
type Counted = (error: Error | null, result?: { readonly current: number; readonly ttl: number }) => void;

/**
 * Counts of requests for @fastify/rate-limit, one for all routes of a server: the library's own counts every route apart,
 * and what one may compute in a minute would grow with the number of routes.
 */
export function sharedCounts(clock: () => number) {
  const counts = new Map<string, { count: number; readonly until: number }>();
  return class RateCounts {
    /** Counts one more request under a key. */
    incr(key: string, done: Counted, windowMillis: number): void {
      const now = clock();
      const known = counts.get(key);
      const found = known === undefined || known.until <= now ? { count: 0, until: now + windowMillis } : known;
      if (found !== known) {
        if (counts.size >= MOST_ASKERS) for (const [old, { until }] of counts) if (until <= now) counts.delete(old);
        counts.set(key, found);
      }
      found.count += 1;
      done(null, { current: found.count, ttl: found.until - now });
    }

    /** The counts of a route: those of all. */
    child(): this {
      return this;
    }
  };
}
