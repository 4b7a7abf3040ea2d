import { Button, Modal, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { HoldsBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';
import { instantText, wholeText } from '../../format.ts';
import { accountPath, PageLink } from '../../parts/page-link.tsx';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import { Term } from '../../parts/term.tsx';
import { useMay } from '../../shell/session.ts';
import styles from './moves.module.css';

type Hold = HoldsBody['holds'][number];

const SHOWN = 8;

/** Moves that wait for a person to look, to be released or discarded. */
export function Holds() {
  const { data } = useQuery({
    queryKey: ['holds'],
    queryFn: ({ signal }) => ask<HoldsBody>('/api/v1/holds', { signal }),
  });
  return (
    <>
      {data?.holds.map((hold) => (
        <OneHold key={hold.holdId} hold={hold} />
      ))}
    </>
  );
}

/** What a person decides of a hold; told once it has happened. */
function useDecision(holdId: number, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (decision: { readonly action: 'release' | 'discard'; readonly reason?: string }) =>
      ask<{ readonly released: number }>(`/api/v1/holds/${holdId}/${decision.action}`, {
        method: 'POST',
        body: decision.reason === undefined ? {} : { reason: decision.reason },
      }),
    onSuccess: async ({ released }, { action }) => {
      onDone();
      const message =
        action === 'release'
          ? `${wholeText(released)} moves happen now.`
          : 'Nothing of it happens. The answers of the rules stay.';
      notifications.show({ message });
      await queries.invalidateQueries();
    },
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
  });
}

function OneHold({ hold }: { readonly hold: Hold }) {
  const may = useMay('holds.decide');
  const [isAll, setIsAll] = useState(false);
  const [isDiscarding, setIsDiscarding] = useState(false);
  const decide = useDecision(hold.holdId, () => setIsDiscarding(false));
  const shown = isAll ? hold.moves : hold.moves.slice(0, SHOWN);
  return (
    <section className={styles['hold']} aria-label={`Held moves ${hold.holdId}`}>
      <h2>
        <IconAlertTriangle size={18} aria-hidden style={{ verticalAlign: '-3px' }} /> {wholeText(hold.moves.length)}{' '}
        moves are <Term word="hold">held</Term>
      </h2>
      <p>
        {hold.reason} Since {instantText(hold.openedAt)} UTC nothing leaves: no task, no alert, no changed answer to the
        product.
      </p>
      <ul className={styles['list']}>
        {shown.map(({ account_id, from_segment, to_segment, cause }) => (
          <li key={account_id}>
            <PageLink to={accountPath(account_id)}>{account_id}</PageLink>
            <span>
              <SegmentChip segment={from_segment} whyNone="" /> → <SegmentChip segment={to_segment} whyNone="" />{' '}
              <span className="small muted">by {cause}</span>
            </span>
          </li>
        ))}
      </ul>
      <div className={styles['buttons']}>
        {hold.moves.length > SHOWN && (
          <Button variant="subtle" size="compact-sm" onClick={() => setIsAll(!isAll)}>
            {isAll ? 'Show fewer' : `Show all ${wholeText(hold.moves.length)}`}
          </Button>
        )}
        {may && (
          <>
            <Button size="compact-sm" loading={decide.isPending} onClick={() => decide.mutate({ action: 'release' })}>
              Release all
            </Button>
            <Button variant="default" size="compact-sm" onClick={() => setIsDiscarding(true)}>
              Discard
            </Button>
          </>
        )}
      </div>
      <Discard
        isOpen={isDiscarding}
        isPending={decide.isPending}
        onClose={() => setIsDiscarding(false)}
        onDiscard={(reason) => decide.mutate({ action: 'discard', reason })}
      />
    </section>
  );
}

function Discard({
  isOpen,
  isPending,
  onClose,
  onDiscard,
}: {
  readonly isOpen: boolean;
  readonly isPending: boolean;
  readonly onClose: () => void;
  readonly onDiscard: (reason: string) => void;
}) {
  const [reason, setReason] = useState('');
  return (
    <Modal opened={isOpen} onClose={onClose} title="Discard these moves">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onDiscard(reason.trim());
        }}
        style={{ display: 'grid', gap: 'var(--bw-space-3)' }}
      >
        <p>
          They do not happen, and are not proposed again while the rules go on saying the same. What the rules say stays
          on record.
        </p>
        <Textarea
          label="Why"
          description="Whoever looks at these accounts later reads it."
          required
          autosize
          minRows={2}
          value={reason}
          onChange={({ currentTarget: { value } }) => setReason(value)}
        />
        <Button type="submit" color="red" loading={isPending} disabled={reason.trim() === ''}>
          Discard them
        </Button>
      </form>
    </Modal>
  );
}
