import { useEffect, useRef, useState } from 'react';
import type { CallsBody } from '../../../api/contract.ts';

type Call = CallsBody['calls'][number];

const MOST = 500;
/** What comes is shown together, so that a busy stream does not draw a page for each call. */
const TOGETHER_MILLIS = 200;

/** The latest calls, the latest first, as they come; while it is paused they wait and are counted. */
export function useCalls(isPaused: boolean) {
  const [calls, setCalls] = useState<readonly Call[]>([]);
  const [waiting, setWaiting] = useState(0);
  const [isOpen, setIsOpen] = useState(false);
  const queue = useRef<Call[]>([]);
  useEffect(() => {
    const source = new EventSource('/api/v1/data/calls/stream');
    // After a break the server tells the latest again.
    source.onopen = () => setIsOpen(true);
    source.onerror = () => setIsOpen(false);
    source.addEventListener('call', ({ data }: MessageEvent<string>) => {
      queue.current.push(JSON.parse(data) as Call);
      if (queue.current.length > MOST) queue.current.shift();
    });
    return () => source.close();
  }, []);
  useEffect(() => {
    const timer = setInterval(() => {
      if (isPaused) setWaiting(queue.current.length);
      else if (queue.current.length > 0) {
        const fresh = queue.current.splice(0).reverse();
        setWaiting(0);
        setCalls((before) => {
          const seen = new Set(fresh.map(({ id }) => id));
          return [...fresh, ...before.filter(({ id }) => !seen.has(id))].slice(0, MOST);
        });
      }
    }, TOGETHER_MILLIS);
    return () => clearInterval(timer);
  }, [isPaused]);
  return { calls, isOpen, waiting };
}
