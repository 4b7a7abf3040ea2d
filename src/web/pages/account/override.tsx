import { Button, Group, NumberInput, Select, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DossierBody, WorkspaceBody } from '../../../api/contract.ts';
import { ask, Refusal } from '../../ask.ts';
import { dayText } from '../../format.ts';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import { Term } from '../../parts/term.tsx';
import { useMay } from '../../shell/session.ts';
import { useWorkspace } from '../../shell/workspace.ts';
import styles from './account.module.css';
import { dossierQuery } from './ask-account.ts';
import { Coming, Nothing, Section } from './section.tsx';

type Override = NonNullable<DossierBody['override']>;

/** Question: has somebody set the segment by hand, why, and until when? */
export function OverrideSection({ id }: { readonly id: string }) {
  const { data, error } = useQuery(dossierQuery(id, null));
  const workspace = useWorkspace();
  const may = useMay('overrides.write');
  const [isSetting, setIsSetting] = useState(false);
  if (data === undefined) return <Coming height={80} error={error} what="The override" />;
  const { override } = data;
  return (
    <Section id="override" title={<Term word="override">Override</Term>}>
      {override === null ? (
        <Nothing>None: the segment is what the rules say.</Nothing>
      ) : (
        <InForce id={id} override={override} />
      )}
      {may && !isSetting && (
        <Button
          variant="default"
          size="xs"
          style={{ justifySelf: 'start' }}
          disabled={workspace === undefined}
          onClick={() => setIsSetting(true)}
        >
          {override === null ? 'Set the segment by hand' : 'Set another'}
        </Button>
      )}
      {isSetting && workspace !== undefined && (
        <OverrideForm {...{ id, override, workspace }} onDone={() => setIsSetting(false)} />
      )}
    </Section>
  );
}

/** What an override changes is read again; the page waits for the answer by itself. */
function useReread() {
  const queries = useQueryClient();
  return () =>
    Promise.all(['account', 'accounts', 'home'].map((name) => queries.invalidateQueries({ queryKey: [name] })));
}

const tagOf = ({ overrideId }: Override): string => `"override-${overrideId}"`;

function InForce({ id, override }: { readonly id: string; readonly override: Override }) {
  const may = useMay('overrides.write');
  const reread = useReread();
  const end = useMutation({
    mutationFn: () =>
      ask(`/api/v1/accounts/${encodeURIComponent(id)}/override`, {
        method: 'DELETE',
        headers: { 'if-match': tagOf(override) },
      }),
    onSuccess: () => {
      notifications.show({ message: 'The override is ended. The rules decide again.' });
      return reread();
    },
  });
  return (
    <div className={styles['note']} data-part="override">
      <span>
        <SegmentChip segment={override.segment} /> until {dayText(override.expiresAt)}
      </span>
      <span>“{override.reason}”</span>
      <span className="muted small">
        {override.author}, {dayText(override.setAt)}
      </span>
      {end.error !== null && <Told error={end.error} />}
      {may && (
        <Button
          variant="subtle"
          size="compact-xs"
          style={{ justifySelf: 'start' }}
          loading={end.isPending}
          onClick={() => end.mutate()}
        >
          End it now
        </Button>
      )}
    </div>
  );
}

function OverrideForm({
  id,
  override,
  workspace,
  onDone,
}: {
  readonly id: string;
  readonly override: Override | null;
  readonly workspace: WorkspaceBody;
  readonly onDone: () => void;
}) {
  const reread = useReread();
  const [segment, setSegment] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [days, setDays] = useState<number | string>(workspace.overrideDays);
  const set = useMutation({
    mutationFn: () =>
      ask(`/api/v1/accounts/${encodeURIComponent(id)}/override`, {
        method: 'POST',
        body: { segment, reason: reason.trim(), days: Number(days) },
        headers: override === null ? { 'if-none-match': '*' } : { 'if-match': tagOf(override) },
      }),
    onSuccess: async () => {
      notifications.show({ message: `The segment is ${segment} until the override ends.` });
      await reread();
      onDone();
    },
  });
  return (
    <form
      style={{ display: 'grid', gap: 'var(--bw-space-3)' }}
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate();
      }}
    >
      <Select
        label="Segment"
        data={workspace.segments.map(({ name }) => name)}
        value={segment}
        onChange={setSegment}
        required
      />
      <Textarea
        label="Reason"
        description="Whoever looks at the account next will ask."
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        autosize
        minRows={2}
        required
      />
      <NumberInput label="Days" min={1} max={365} value={days} onChange={setDays} required w={120} />
      {set.error !== null && <Told error={set.error} />}
      <Group gap="sm">
        <Button type="submit" size="xs" loading={set.isPending} disabled={segment === null || reason.trim() === ''}>
          Set segment
        </Button>
        <Button variant="subtle" size="xs" onClick={onDone}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}

/** A refusal where it was asked for: what happened, and what to do. */
export function Told({ error }: { readonly error: Error }) {
  return (
    <p role="alert" style={{ color: 'var(--bw-bad)' }}>
      {error.message} {error instanceof Refusal ? error.next : ''}
    </p>
  );
}
