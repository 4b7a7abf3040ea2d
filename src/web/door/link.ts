import { useState } from 'react';

/** The token of a link: what stands behind its `#`, which no browser sends to any server. Empty: there is none. */
export function useLinkToken(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  return token;
}

/** Takes a token that is used up out of the address, and so out of the history. */
export function forgetLink(): void {
  window.history.replaceState(null, '', window.location.pathname);
}
