import { useRouterState } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef } from 'react';

/** For a strip of links that scrolls sideways on a narrow screen: brings the one that is open into sight. */
export function useOpenInSight(): RefObject<HTMLElement | null> {
  const strip = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => {
    const links = [...(strip.current?.querySelectorAll('a') ?? [])];
    links.find(({ pathname }) => pathname === path)?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [path]);
  return strip;
}
