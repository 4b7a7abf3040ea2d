import type { Remaining, TableCount } from './warehouse-erasure.ts';

/** A copy that was made before an erasure and still holds what it removed. */
export interface BackupNamed {
  readonly folder: string;
  readonly at: string;
  /** How it stops holding it. */
  readonly expire: string;
}

/** What was erased, told without naming anybody. Instants are ISO text. */
export interface ErasureReceipt {
  readonly erasureId: number;
  /** Keyed hash of the id that was named. */
  readonly subject: string;
  readonly accountId: string | null;
  readonly by: string;
  readonly begunAt: string;
  readonly removedAt: string;
  readonly modelVersion: string;
  /** Ids that were theirs, and visitors' ids that others used too: those stay without the link. */
  readonly ids: number;
  readonly sharedIds: number;
  readonly tables: readonly TableCount[];
  /** Accounts that are computed again without them. */
  readonly accounts: number;
  /** Columns that still hold words of theirs, and why. */
  readonly remaining: readonly Remaining[];
  readonly backups: readonly BackupNamed[];
  /** When the files that held them were gone from the disk; null: a server of your own removes them by itself, as it is set. */
  readonly filesGoneAt: string | null;
}

/** What an erasure would do: `erase-user --dry-run`. Names nobody. */
export interface ErasurePlan {
  readonly subject: string;
  readonly accountId: string | null;
  readonly ids: number;
  readonly sharedIds: number;
  readonly words: number;
  readonly accounts: readonly string[];
  readonly tables: readonly TableCount[];
  readonly backups: readonly BackupNamed[];
}
