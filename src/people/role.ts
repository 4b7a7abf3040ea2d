/** Roles of operators, the least first: each may do all that those before it may. */
export const ROLES = ['viewer', 'csm', 'editor', 'admin'] as const;
/** What an operator is allowed, in one word. */
export type Role = (typeof ROLES)[number];
