import { z } from 'zod';
import type { Ledger, Queryable } from '../ledger/ledger.ts';
import { Failure } from '../model/failure.ts';

const fenceSchema = z.object({ fence: z.number() });

/** A role that one process holds at a time. */
export interface RoleOptions {
  readonly ledger: Ledger;
  readonly role: string;
  /** Name of this process among all. */
  readonly holder: string;
  /** After this long without a renewal another process may take it. */
  readonly leaseSeconds: number;
}

/**
 * A role of which there is one holder, with a fence: what is written under it names the fence, and is refused once
 * another has taken over, however late the old holder notices.
 *
 * The ledger's clock decides when a lease is over. `hold` takes the role or renews it and answers whether it is held.
 */
export class Role {
  readonly #options: RoleOptions;
  #fence: number | null = null;

  constructor(options: RoleOptions) {
    this.#options = options;
  }

  get isHeld(): boolean {
    return this.#fence !== null;
  }

  /** Number of the spell in which the role is held; null: it is not. */
  get fence(): number | null {
    return this.#fence;
  }

  /** Makes the lease last on while work is under way; never takes the role. Answers whether it is still held. */
  async renew(): Promise<boolean> {
    const { ledger, role, holder, leaseSeconds } = this.#options;
    const fence = this.#fence;
    if (fence === null) return false;
    const renewed = await ledger.command(
      `UPDATE roles_held SET until = clock_timestamp() + make_interval(secs => $4)
      WHERE role = $1 AND holder = $2 AND fence = $3`,
      [role, holder, fence, leaseSeconds],
    );
    if (renewed === 0 && this.#fence === fence) this.#fence = null;
    return renewed > 0;
  }

  /** Renews the lease, so that there is time for what comes next; refuses with `role-lost` where the role is another's. */
  async confirm(): Promise<void> {
    if (!(await this.renew())) throw this.#lost();
  }

  #lost(): Failure {
    const { role } = this.#options;
    return new Failure('role-lost', `Another process has taken over the role of ${role}.`, { isRetryable: true });
  }

  /** Takes the role where it is free, renews it where it is ours. */
  async hold(): Promise<boolean> {
    const { ledger, role, holder, leaseSeconds } = this.#options;
    const [row] = await ledger.query(
      `INSERT INTO roles_held AS r (role, holder, fence, until) VALUES ($1, $2, 1, clock_timestamp() + make_interval(secs => $3))
      ON CONFLICT (role) DO UPDATE SET holder = $2, until = clock_timestamp() + make_interval(secs => $3),
        fence = CASE WHEN r.holder = $2 AND r.fence = $4 THEN r.fence ELSE r.fence + 1 END
      WHERE r.until < clock_timestamp() OR (r.holder = $2 AND r.fence = $4)
      RETURNING fence`,
      [role, holder, leaseSeconds, this.#fence ?? 0],
      fenceSchema,
    );
    this.#fence = row?.fence ?? null;
    return this.isHeld;
  }

  /** Work in a transaction that commits only while the role is still ours; refuses with `role-lost`. */
  async transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    const { ledger, role, holder } = this.#options;
    return ledger.transaction(async (transaction) => {
      const [row] = await transaction.query(
        'SELECT fence FROM roles_held WHERE role = $1 AND holder = $2 AND fence = $3 FOR UPDATE',
        [role, holder, this.#fence ?? 0],
        fenceSchema,
      );
      if (row === undefined) {
        this.#fence = null;
        throw this.#lost();
      }
      return work(transaction);
    });
  }

  /** Gives the role up, so that another need not wait for the lease to end. */
  async release(): Promise<void> {
    const { ledger, role, holder } = this.#options;
    if (this.#fence === null) return;
    await ledger.command(
      'UPDATE roles_held SET until = clock_timestamp() WHERE role = $1 AND holder = $2 AND fence = $3',
      [role, holder, this.#fence],
    );
    this.#fence = null;
  }
}
