/** Which rows belong together: the same key, the same cluster (in evidence: the account). One key per row. */
export type ClusterKeys = ArrayLike<number> | readonly string[];

/** Rows numbered by cluster: `of[row]` from 0 to `count - 1`, in the order in which the clusters first appear. */
export interface ClusterIndex {
  readonly of: Int32Array;
  readonly count: number;
}

/**
 * Numbers the clusters of the rows.
 *
 * Refuses: a number of keys that is not the number of rows (throws).
 */
export function indexClusters(keys: ClusterKeys, rows: number): ClusterIndex {
  if (keys.length !== rows) throw new Error(`${keys.length} cluster keys for ${rows} rows`);
  const numbers = new Map<number | string, number>();
  const of = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const key = keys[row] as number | string;
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(key, number);
    }
    of[row] = number;
  }
  return { of, count: numbers.size };
}

/** The rows of each cluster, in their order. */
export function rowsByCluster({ of, count }: ClusterIndex): readonly Int32Array[] {
  const sizes = new Int32Array(count);
  for (const cluster of of) sizes[cluster] = (sizes[cluster] as number) + 1;
  const rows = Array.from(sizes, (size) => new Int32Array(size));
  const filled = new Int32Array(count);
  for (let row = 0; row < of.length; row++) {
    const cluster = of[row] as number;
    const place = filled[cluster] as number;
    (rows[cluster] as Int32Array)[place] = row;
    filled[cluster] = place + 1;
  }
  return rows;
}
