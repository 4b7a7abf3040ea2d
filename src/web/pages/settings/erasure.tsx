import { Button, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BegunErasureBody, ErasurePlanBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';
import { wholeText } from '../../format.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { type PlainColumn, PlainTable } from '../../parts/plain-table.tsx';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { ReceiptInFull, receiptsQuery } from './receipts.tsx';
import { Part } from './section.tsx';
import styles from './settings.module.css';

type Count = ErasurePlanBody['tables'][number];

const LOOK_MILLIS = 1_000;
const LEAST_WORD = 4;

const COLUMNS: readonly PlainColumn<Count>[] = [
  { id: 'table', name: 'Table', cell: ({ table }) => <code>{table}</code> },
  { id: 'engine', name: 'Of', cell: ({ engine }) => (engine === 'warehouse' ? 'facts' : 'decisions') },
  { id: 'removed', name: 'Rows that go', isNumber: true, cell: ({ removed }) => wholeText(removed) },
  { id: 'mended', name: 'Rows that lose words', isNumber: true, cell: ({ mended }) => wholeText(mended) },
];

interface Order {
  readonly userId: string;
  readonly accountId?: string;
  readonly also: readonly string[];
}

/** Removes a person: counted first, then confirmed by their id, then with a receipt. */
export function Erasure() {
  const [order, setOrder] = useState<Order | null>(null);
  const [isAsked, setIsAsked] = useState(false);
  const plan = useMutation({
    mutationFn: (wanted: Order) =>
      ask<ErasurePlanBody>('/api/v1/erasures', { method: 'POST', body: { ...wanted, dryRun: true } }),
  });
  const erase = useMutation({
    mutationFn: (wanted: Order) => ask<BegunErasureBody>('/api/v1/erasures', { method: 'POST', body: wanted }),
    onSuccess: () => {
      setIsAsked(false);
      plan.reset();
    },
  });
  return (
    <Part title="Erase a person">
      <p className={styles['lead']}>
        What they did and answered goes from both databases. Facts of their account stay without them: a ticket keeps
        its place in the count. Texts of others lose their address and name. From then on nothing of them is taken.
      </p>
      <OrderForm
        isCounting={plan.isPending}
        onCount={(wanted) => {
          erase.reset();
          setOrder(wanted);
          plan.mutate(wanted);
        }}
      />
      <RefusalNote error={plan.error} />
      {plan.data !== undefined && order !== null && <Planned plan={plan.data} onErase={() => setIsAsked(true)} />}
      <Confirm
        title="Erase this person?"
        verb="Erase for ever"
        typed={order?.userId ?? ''}
        isOpen={isAsked}
        isDoing={erase.isPending}
        error={erase.error}
        onClose={() => setIsAsked(false)}
        onConfirm={() => {
          if (order !== null) erase.mutate(order);
        }}
      >
        <p>This cannot be undone, by nobody and with no backup but those that the receipt names.</p>
      </Confirm>
      {erase.data !== undefined && <Outcome erasureId={erase.data.erasureId} />}
    </Part>
  );
}

function OrderForm({
  isCounting,
  onCount,
}: {
  readonly isCounting: boolean;
  readonly onCount: (order: Order) => void;
}) {
  const [userId, setUserId] = useState('');
  const [accountId, setAccountId] = useState('');
  const [also, setAlso] = useState<string[]>([]);
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        onCount({ userId, also, ...(accountId === '' ? {} : { accountId }) });
      }}
    >
      <TextInput
        label="Id of the user"
        description="as events and files spell it"
        required
        w={220}
        autoComplete="off"
        value={userId}
        onChange={({ currentTarget: { value } }) => setUserId(value)}
      />
      <TextInput
        label="Only in this account"
        description="empty: everywhere"
        w={200}
        autoComplete="off"
        value={accountId}
        onChange={({ currentTarget: { value } }) => setAccountId(value)}
      />
      <TagsInput
        label="Further words of theirs"
        description={`a name, say; ${LEAST_WORD} letters or more, Enter after each`}
        w={320}
        value={also}
        onChange={(words) => setAlso(words.filter((word) => word.length >= LEAST_WORD))}
      />
      <Button type="submit" variant="default" loading={isCounting}>
        Count first
      </Button>
    </form>
  );
}

function Planned({ plan, onErase }: { readonly plan: ErasurePlanBody; readonly onErase: () => void }) {
  const { ids, words, accounts, tables, backups } = plan;
  return (
    <div className={styles['part']}>
      <p>
        {ids === 1 ? 'One id' : `${ids} ids`} and {words === 1 ? 'one word' : `${words} words`} of theirs, in{' '}
        {accounts.length === 1 ? 'one account' : `${accounts.length} accounts`}.{' '}
        {backups.length > 0 &&
          `${backups.length === 1 ? 'One backup holds' : `${backups.length} backups hold`} them too.`}
      </p>
      <PlainTable
        label="What would go"
        columns={COLUMNS}
        rows={tables}
        keyOf={({ engine, table }) => `${engine} ${table}`}
        empty="Nothing is held of this person. Check the id as the events or the files spell it."
      />
      {tables.length > 0 && (
        <Button color="red" style={{ justifySelf: 'start' }} onClick={onErase}>
          Erase this person…
        </Button>
      )}
    </div>
  );
}

/** Waits for the receipt of an erasure that was begun, and shows it. */
function Outcome({ erasureId }: { readonly erasureId: number }) {
  const { data } = useQuery({ ...receiptsQuery, refetchInterval: LOOK_MILLIS });
  const receipt = data?.erasures.find((each) => each.erasureId === erasureId);
  if (receipt !== undefined) return <ReceiptInFull receipt={receipt} />;
  return (
    <p role="status" className="muted">
      From now on nothing of them is taken. What is held is removed between two computations, which takes seconds to
      minutes…
    </p>
  );
}
