import { Modal, Table } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { PAGES } from './pages.ts';
import styles from './shell.module.css';

const SEQUENCE_MILLIS = 1_200;

/** Keys that work on every page, in words. */
const EVERYWHERE: readonly (readonly [keys: string, what: string])[] = [
  ['Ctrl K', 'find a page or an account'],
  ['/', 'search on this page'],
  ['j k', 'next and previous row'],
  ['Enter', 'open the row'],
  ['x', 'select the row'],
  ['?', 'show these keys'],
];

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null;
}

/** Keys of every page: `?` shows them, `g` and a letter goes to a page, `/` goes to the search. */
export function Shortcuts() {
  const [isShown, setIsShown] = useState(false);
  const navigate = useNavigate();
  const begun = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const page = PAGES.find(({ key }) => key === event.key);
      if (event.key === '?') setIsShown(true);
      else if (event.key === 'g') begun.current = event.timeStamp;
      else if (page !== undefined && event.timeStamp - begun.current < SEQUENCE_MILLIS) void navigate({ to: page.to });
      else if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLElement>('[data-page-search]')?.focus();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate]);
  const rows = [...EVERYWHERE, ...PAGES.map(({ key, name }) => [`g ${key}`, `go to ${name}`] as const)];
  return (
    <Modal opened={isShown} onClose={() => setIsShown(false)} title="Keys">
      <Table>
        <Table.Tbody>
          {rows.map(([keys, what]) => (
            <Table.Tr key={keys}>
              <Table.Td>
                {keys.split(' ').map((key) => (
                  <kbd key={key} className={styles['key']}>
                    {key}
                  </kbd>
                ))}
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
