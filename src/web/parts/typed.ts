import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

/** A field that tells what is typed into it once nobody types. */
export interface Typed {
  readonly text: string;
  readonly type: (text: string) => void;
}

/**
 * What is typed into a field whose value stands in the address: shown at once, and told when nobody has typed for so many
 * milliseconds. A value that comes from elsewhere replaces it; an own one that comes back does not, since more may have
 * been typed meanwhile.
 */
export function useTyped(value: string, quietMillis: number, onTold: (text: string) => void): Typed {
  const [text, setText] = useState(value);
  const told = useRef<readonly string[]>([]);
  const tell = useDebouncedCallback((next: string) => {
    told.current = [...told.current, next];
    onTold(next);
  }, quietMillis);
  useEffect(() => {
    const place = told.current.indexOf(value);
    told.current = told.current.slice(place + 1);
    if (place >= 0) return;
    told.current = [];
    tell.cancel();
    setText(value);
  }, [value, tell]);
  const type = (next: string): void => {
    setText(next);
    tell(next);
  };
  return { text, type };
}
