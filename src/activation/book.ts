import type { AccountAnswer, BookEntry, UserAnswer } from './answer.ts';
import { PeerCounts, type Peers } from './peers.ts';

/** Places in the taxonomy as bits; a workspace has a few distinct sets, shared by all of its users. */
class Sets {
  readonly #lists: (readonly number[])[] = [[]];
  readonly #places = new Map<string, number>([['', 0]]);

  place(list: readonly number[]): number {
    const key = list.join(',');
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#lists.push(list);
    this.#places.set(key, this.#lists.length - 1);
    return this.#lists.length - 1;
  }

  list(place: number): readonly number[] {
    return this.#lists[place] ?? [];
  }
}

/** A few texts, each kept once. */
class Words {
  readonly #texts: (string | null)[] = [null];
  readonly #places = new Map<string, number>();

  place(text: string | null): number {
    if (text === null) return 0;
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#texts.push(text);
    this.#places.set(text, this.#texts.length - 1);
    return this.#texts.length - 1;
  }

  text(place: number): string | null {
    return this.#texts[place] ?? null;
  }
}

/** Numbers that one user takes: tier, stalled step, steps reached, areas used. */
const FIELDS = 4;

interface AccountEntry {
  readonly account: AccountAnswer;
  readonly userIds: readonly string[];
  readonly fields: Uint32Array;
}

/**
 * What is said of every account and user now, in memory: answers in microseconds, whatever the engines do meanwhile.
 *
 * Grain: account, and user in account. A user takes five numbers and an id, so that a million fit into little memory. An
 * account is replaced as a whole, with its users.
 */
export class AnswerBook {
  #accounts = new Map<string, AccountEntry>();
  /** Accounts of each user; a list only where there are several. */
  #accountsOf = new Map<string, string | readonly string[]>();
  #words = new Words();
  #sets = new Sets();
  #peers = new PeerCounts();
  #asOf: number | null = null;

  /** The latest instant of any answer, milliseconds; null while the book is empty. */
  get asOf(): number | null {
    return this.#asOf;
  }

  /** Accounts in the book. */
  get size(): number {
    return this.#accounts.size;
  }

  account(accountId: string): AccountAnswer | null {
    return this.#accounts.get(accountId)?.account ?? null;
  }

  /** Every account, in the order in which they came. */
  *accounts(): Generator<AccountAnswer> {
    for (const { account } of this.#accounts.values()) yield account;
  }

  /** The accounts that a user belongs to, by identifier. */
  accountsOf(userId: string): readonly string[] {
    const found = this.#accountsOf.get(userId);
    if (found === undefined) return [];
    return typeof found === 'string' ? [found] : found;
  }

  /** A user in an account; null where the account or the user in it is not known. */
  user(accountId: string, userId: string): UserAnswer | null {
    const entry = this.#accounts.get(accountId);
    const index = entry === undefined ? -1 : placeIn(entry.userIds, userId);
    return entry === undefined || index === -1 ? null : this.#userAt(entry, index);
  }

  /** Users of an account, by identifier. */
  users(accountId: string): readonly UserAnswer[] {
    const entry = this.#accounts.get(accountId);
    return entry === undefined ? [] : entry.userIds.map((_, index) => this.#userAt(entry, index));
  }

  /** Power users of accounts with a job, and the areas they use; null: of all accounts. */
  peers(job: string | null): Peers {
    return this.#peers.of(job);
  }

  /** Puts an account with its users in the place of what was said before. */
  put({ account, users }: BookEntry): void {
    this.remove(account.accountId);
    const sorted = [...users].sort((a, b) => (a.userId < b.userId ? -1 : a.userId > b.userId ? 1 : 0));
    const fields = new Uint32Array(sorted.length * FIELDS);
    sorted.forEach((user, index) => {
      fields.set(
        [
          this.#words.place(user.tier),
          this.#words.place(user.stalledStep),
          user.stepsReached,
          this.#sets.place(user.used),
        ],
        index * FIELDS,
      );
      this.#join(user.userId, account.accountId);
    });
    this.#peers.count(account.job, sorted, 1);
    this.#accounts.set(account.accountId, { account, userIds: sorted.map(({ userId }) => userId), fields });
    this.#asOf = Math.max(this.#asOf ?? 0, account.asOf);
  }

  /** Forgets an account and its users; an unknown one changes nothing. */
  remove(accountId: string): void {
    const entry = this.#accounts.get(accountId);
    if (entry === undefined) return;
    this.#peers.count(entry.account.job, this.users(accountId), -1);
    for (const userId of entry.userIds) this.#part(userId, accountId);
    this.#accounts.delete(accountId);
  }

  /** Says from now on what another book says, all at once; the other is not to be used any more. */
  become(other: AnswerBook): void {
    this.#accounts = other.#accounts;
    this.#accountsOf = other.#accountsOf;
    this.#words = other.#words;
    this.#sets = other.#sets;
    this.#peers = other.#peers;
    this.#asOf = other.#asOf;
  }

  #userAt({ userIds, fields }: AccountEntry, index: number): UserAnswer {
    const field = (place: number): number => fields[index * FIELDS + place] ?? 0;
    return {
      userId: userIds[index] ?? '',
      tier: this.#words.text(field(0)),
      stalledStep: this.#words.text(field(1)),
      stepsReached: field(2),
      used: this.#sets.list(field(3)),
    };
  }

  #join(userId: string, accountId: string): void {
    const others = this.accountsOf(userId);
    this.#accountsOf.set(userId, others.length === 0 ? accountId : [...others, accountId].sort());
  }

  #part(userId: string, accountId: string): void {
    const [first, ...rest] = this.accountsOf(userId).filter((other) => other !== accountId);
    if (first === undefined) this.#accountsOf.delete(userId);
    else this.#accountsOf.set(userId, rest.length === 0 ? first : [first, ...rest]);
  }
}

/** The place of an id in a sorted list; -1 where it is not there. */
function placeIn(sorted: readonly string[], id: string): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = sorted[middle] ?? '';
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
