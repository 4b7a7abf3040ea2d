import { useNavigate } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

/** A link to a page of the app by its address, without loading the app anew. */
export function PageLink({
  to,
  className,
  label,
  children,
}: {
  readonly to: string;
  readonly className?: string;
  /** Its accessible name, where what it shows does not say enough. */
  readonly label?: string;
  readonly children: ReactNode;
}) {
  const navigate = useNavigate();
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void navigate({ href: to });
  };
  return (
    <a href={to} className={className} aria-label={label} onClick={go}>
      {children}
    </a>
  );
}

/** The address of one account. */
export const accountPath = (accountId: string): string => `/accounts/${encodeURIComponent(accountId)}`;

/** The address of the accounts of a segment. */
export const segmentAccountsPath = (segment: string): string => `/accounts?segment=${encodeURIComponent(segment)}`;

/** The address of a segment. */
export const segmentPath = (segment: string): string => `/segments/${encodeURIComponent(segment)}`;
