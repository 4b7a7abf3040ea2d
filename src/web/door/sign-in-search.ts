/** What the address of the sign-in says. */
export interface SignInSearch {
  /** Where to go once signed in; only ever a page of ours. */
  readonly to?: string;
  /** What the provider, or we on its way back, refused. */
  readonly error?: string;
}

/** Reads the address; what it does not know is left out. */
export function readSignInSearch(search: Record<string, unknown>): SignInSearch {
  const { to, error } = search;
  return {
    ...(typeof to === 'string' && /^\/(?![/\\])/.test(to) ? { to } : {}),
    ...(typeof error === 'string' && error !== '' ? { error } : {}),
  };
}
