/** What a key may do: send events, read answers, or everything. */
export const SCOPES = ['write', 'read', 'admin'] as const;
/** The scope of a key. */
export type Scope = (typeof SCOPES)[number];
