/** One thing looked at: whether it is fine, what was found, and what to do where it is not. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly advice: string | null;
}

/** A check as it came out; its advice is told only where it is not fine. */
export function check(name: string, ok: boolean, found: string, advice: string): Check {
  return { name, ok, found, advice: ok ? null : advice };
}

/** What an error says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
