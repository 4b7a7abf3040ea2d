/** One call of the tracking API as the live debugger shows it. Instants are ISO text. */
export interface FeedEntry {
  readonly id: number;
  readonly receivedAt: string;
  readonly kind: string;
  readonly event: string | null;
  readonly messageId: string | null;
  readonly userId: string | null;
  readonly accountId: string | null;
  /** What the account is known by; null: nothing, the event counts for no account. */
  readonly attributedBy: 'context' | 'property' | 'call' | 'only account of the user' | null;
  /** Whether the taxonomy names the event; null where there is no event. */
  readonly isPlanned: boolean | null;
  /** Whether it happened before the day in which it came. */
  readonly isLate: boolean;
  /** Why it was refused; null: it was accepted. */
  readonly refused: { readonly field: string; readonly reason: string; readonly message: string } | null;
}

const MOST = 500;

/**
 * The latest calls of the tracking API in this process, for whoever watches: a ring of five hundred, and whoever follows is
 * told of each as it comes. Nothing is kept for longer; facts and the quarantine are elsewhere.
 */
export class Feed {
  readonly #ring: FeedEntry[] = [];
  readonly #followers = new Set<(entry: FeedEntry) => void>();
  #last = 0;

  /** Whether the ring is the only reader. */
  get hasFollowers(): boolean {
    return this.#followers.size > 0;
  }

  add(entry: Omit<FeedEntry, 'id'>): void {
    this.#last += 1;
    const numbered = { id: this.#last, ...entry };
    this.#ring.push(numbered);
    if (this.#ring.length > MOST) this.#ring.shift();
    for (const follower of this.#followers) follower(numbered);
  }

  /** The latest entries, oldest first. */
  latest(): readonly FeedEntry[] {
    return [...this.#ring];
  }

  /** Tells of every further entry until the answer is called. */
  follow(follower: (entry: FeedEntry) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }
}
