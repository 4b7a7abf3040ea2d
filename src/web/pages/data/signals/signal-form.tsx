import { Button, NativeSelect, NumberInput, SegmentedControl, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DraftSpreadBody } from '../../../../api/contract.ts';
import type { TextEdit } from '../../model/document.ts';
import { taxonomyQuery } from '../ask-data.ts';
import { faultOf } from './faults.ts';
import { LIKE, MEASURES, NEEDS_PROPERTY } from './measures.ts';
import { type OwnSignal, removalEdit, signalEdit } from './signal-text.ts';
import styles from './signals.module.css';

const WINDOW_DAYS = 30;
const NEW: Omit<OwnSignal, 'line'> = {
  ...{ name: '', entity: 'account', like: null, measure: 'count', of: [], property: '', where: '' },
  ...{ windowDays: WINDOW_DAYS, meaning: '' },
};

/** An own signal as a form: every field is a change of the text beside it. */
export function SignalForm({
  text,
  signals,
  signal,
  isNew,
  diagnostics,
  onEdit,
  onName,
}: {
  readonly text: string;
  readonly signals: readonly OwnSignal[] | null;
  /** As it stands in the text; null: it is not there. */
  readonly signal: OwnSignal | null;
  readonly isNew: boolean;
  readonly diagnostics: DraftSpreadBody['diagnostics'];
  readonly onEdit: (edit: TextEdit) => void;
  /** It has another name now. */
  readonly onName: (name: string) => void;
}) {
  if (signals === null) return <Note>The text is no YAML as it stands, or lists its signals. Edit the text.</Note>;
  if (signal === null && !isNew)
    return <Note>The draft has no signal of this name. What goes with it stands beside.</Note>;
  const write = (next: Omit<OwnSignal, 'line'>) => {
    onEdit(signalEdit(text, signal?.name ?? null, next));
    if (next.name !== signal?.name) onName(next.name);
  };
  const current = signal ?? NEW;
  const set = (part: Partial<OwnSignal>) => write({ ...current, ...part });
  const fault = (field: string) => faultOf(diagnostics, `signals.${current.name}.${field}`, true);
  return (
    <section className={styles['form']} aria-label="The signal">
      <Name
        name={current.name}
        taken={signals.map(({ name }) => name)}
        error={faultOf(diagnostics, `signals.${current.name}`)}
        onName={(name) => set({ name })}
      />
      {signal !== null && (
        <>
          <Kind signal={current} onChange={set} />
          {current.like === null ? (
            <Measured signal={current} fault={fault} onChange={set} />
          ) : (
            <NativeSelect
              label="Which shipped signal"
              data={[...LIKE[current.entity]]}
              value={current.like}
              error={fault('like')}
              onChange={({ currentTarget: { value } }) => set({ like: value })}
            />
          )}
          <Rest signal={current} fault={fault} onChange={set} />
          <div>
            <Button size="xs" variant="subtle" color="red" onClick={() => onEdit(removalEdit(text, signal.name))}>
              Take this signal out of the draft
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

function Note({ children }: { readonly children: string }) {
  return (
    <div className={styles['form']}>
      <p className="muted">{children}</p>
    </div>
  );
}

/** A part of the form: what it shows, what is wrong with a field, and how it changes. */
interface PartProps {
  readonly signal: Omit<OwnSignal, 'line'>;
  readonly fault: (field: string) => string | undefined;
  readonly onChange: (part: Partial<OwnSignal>) => void;
}

/** The name counts once it is whole: with Enter, or when the field is left. */
function Name({
  name,
  taken,
  error,
  onName,
}: {
  readonly name: string;
  readonly taken: readonly string[];
  readonly error: string | undefined;
  readonly onName: (name: string) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? name;
  const isWhole = /^[A-Za-z_]\w*$/.test(shown);
  const isTaken = shown !== name && taken.includes(shown);
  const settle = () => {
    if (typed !== null && typed !== name && isWhole && !isTaken) onName(typed);
  };
  const shape = isTaken
    ? 'Another signal has this name.'
    : isWhole || shown === ''
      ? undefined
      : 'Letters, digits and _.';
  return (
    <TextInput
      label="Name"
      description={name === '' ? 'What conditions will call it, such as exports_14d. Enter makes it.' : undefined}
      value={shown}
      error={shape ?? error}
      autoFocus={name === ''}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      onChange={({ currentTarget: { value } }) => setTyped(value)}
      onBlur={settle}
      onKeyDown={({ key }) => key === 'Enter' && settle()}
    />
  );
}

function Kind({ signal: { entity, like }, onChange }: Pick<PartProps, 'signal' | 'onChange'>) {
  return (
    <div className={styles['bar']} style={{ margin: 0 }}>
      <SegmentedControl
        size="xs"
        aria-label="Of whom"
        data={[
          { value: 'account', label: 'Of accounts' },
          { value: 'user', label: 'Of users' },
        ]}
        value={entity}
        onChange={(value) => onChange({ entity: value as OwnSignal['entity'] })}
      />
      <SegmentedControl
        size="xs"
        aria-label="How it is measured"
        data={[
          { value: 'events', label: 'From events' },
          { value: 'like', label: 'As a shipped signal' },
        ]}
        value={like === null ? 'events' : 'like'}
        onChange={(value) =>
          onChange(value === 'events' ? { like: null } : { like: LIKE[entity][0] ?? null, windowDays: WINDOW_DAYS })
        }
      />
    </div>
  );
}

function Measured({ signal: { measure, of, property, where }, fault, onChange }: PartProps) {
  const { data } = useQuery(taxonomyQuery);
  const names = (list: readonly { readonly event: string }[] | undefined) => (list ?? []).map(({ event }) => event);
  const areas = (data?.areas ?? []).map(({ name }) => name);
  const events = [
    ...(data?.areas ?? []).flatMap((area) => names(area.events)),
    ...names(data?.proxies),
    ...names(data?.elsewhere),
    ...names(data?.unplanned),
  ];
  return (
    <>
      <NativeSelect
        label="What is measured"
        data={Object.entries(MEASURES).map(([value, label]) => ({ value, label }))}
        value={measure}
        error={fault('measure')}
        onChange={({ currentTarget: { value } }) => onChange({ measure: value })}
      />
      <TagsInput
        label="Of which events"
        description="Events, or a feature area for all of its events."
        data={[
          { group: 'Feature areas', items: areas },
          { group: 'Events', items: [...new Set(events)].filter((event) => !areas.includes(event)) },
        ]}
        value={[...of]}
        error={fault('of')}
        onChange={(value) => onChange({ of: value })}
      />
      {(NEEDS_PROPERTY.has(measure) || property !== '') && (
        <TextInput
          label="Property"
          description="That the event carries."
          value={property}
          error={fault('property')}
          onChange={({ currentTarget: { value } }) => onChange({ property: value })}
        />
      )}
      <Textarea
        label="Only where"
        description="A condition on the event; empty: every one counts."
        placeholder="properties.status = 'success'"
        autosize
        value={where}
        error={fault('where')}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
        onChange={({ currentTarget: { value } }) => onChange({ where: value.replaceAll('\n', ' ') })}
      />
    </>
  );
}

/** A name that says its days says the new ones. */
function nameFor(name: string, days: number | null): string {
  return days === null ? name : name.replace(/_\d+d$/, `_${days}d`);
}

function Rest({ signal: { name, windowDays, meaning, like }, fault, onChange }: PartProps) {
  return (
    <>
      <NumberInput
        label="Days back"
        description={like === null ? 'Empty: all history.' : 'The window that this one has.'}
        min={1}
        max={3650}
        allowDecimal={false}
        value={windowDays ?? ''}
        error={fault('window_days')}
        onChange={(value) => {
          const days = typeof value === 'number' && value > 0 ? value : null;
          onChange({ windowDays: days, name: nameFor(name, days) });
        }}
      />
      <TextInput
        label="What it tells"
        description="One sentence, shown wherever the signal is."
        value={meaning}
        onChange={({ currentTarget: { value } }) => onChange({ meaning: value })}
      />
    </>
  );
}
