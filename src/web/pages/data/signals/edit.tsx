import { Anchor, Button, Skeleton } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef } from 'react';
import type { DraftSpreadBody, ModelBody, SpreadBody } from '../../../../api/contract.ts';
import { RefusalNote } from '../../../parts/refusal-note.tsx';
import type { TextEdit } from '../../model/document.ts';
import { useDraftText, useVocabulary } from '../../model/draft.ts';
import { TextEditor, type TextHandle } from '../../model/text-editor.tsx';
import dataStyles from '../data.module.css';
import { useDraftSpread } from './ask.ts';
import { DraftRest, DraftSides } from './draft-spread.tsx';
import { LeftOutForm } from './left-out-form.tsx';
import type { SignalsSearch } from './search.ts';
import { SignalForm } from './signal-form.tsx';
import { leftOutIn, type OwnSignal, ownSignalsIn } from './signal-text.ts';
import styles from './signals.module.css';

type Diagnostic = DraftSpreadBody['diagnostics'][number];

/** Edits an own signal, or who is left out: a form and the text of the draft, one truth, with what would spread otherwise. */
export function Edit({ model, standing }: { readonly model: ModelBody; readonly standing: SpreadBody | undefined }) {
  const search = useSearch({ from: '/inside/data/signals' });
  const navigate = useNavigate();
  const go = (next: SignalsSearch) => void navigate({ to: '/data/signals', search: next, replace: true });
  const handle = useRef<TextHandle>(null);
  const { text, change } = useDraftText(model);
  const draft = useDraftSpread(
    model.version,
    text,
    search.from === undefined ? {} : { [search.edit ?? '']: search.from },
  );
  const { data: vocabulary } = useVocabulary(model.version);
  const signals = useMemo(() => ownSignalsIn(text), [text]);
  const edited = signals?.find(({ name }) => name === search.edit) ?? null;
  const line = search.leaveOut === 'yes' ? leftOutIn(text)?.line : edited?.line;
  useShown(handle, line ?? null, search.from ?? search.edit ?? 'exclude');
  const isDraft = text !== model.text;
  const isRefused = draft.diagnostics.some(({ severity }) => severity === 'error');
  const name = search.leaveOut === 'yes' ? null : (edited?.name ?? search.edit ?? null);
  const shown = { standing, draft, isRefused, name };
  return (
    <>
      <Bar
        {...{ isDraft, search }}
        onBack={() => void navigate({ to: '/data/signals', search: {} })}
        onForget={() => handle.current?.replace(model.text)}
        onPublish={() => void navigate({ to: '/model', search: {} })}
      />
      <div className={styles['panes']}>
        <Form
          {...{ text, signals, edited, search }}
          diagnostics={draft.diagnostics}
          onEdit={(made) => handle.current?.edit(made)}
          onName={(name) => go(renamed(search, model.text, name))}
        />
        <div className={styles['right']}>
          {standing === undefined ? <Skeleton height={220} /> : <DraftSides {...shown} />}
          <div className={styles['text']}>
            <TextEditor
              {...{ handle }}
              initial={text}
              words={vocabulary?.words ?? []}
              diagnostics={draft.diagnostics}
              isReadOnly={false}
              onChange={change}
            />
          </div>
        </div>
      </div>
      <RefusalNote error={draft.error} />
      <Elsewhere diagnostics={draft.diagnostics} edited={edited} />
      <DraftRest {...shown} />
    </>
  );
}

/** The form of what the address says is edited. */
function Form({
  text,
  signals,
  edited,
  search,
  diagnostics,
  onEdit,
  onName,
}: {
  readonly text: string;
  readonly signals: readonly OwnSignal[] | null;
  readonly edited: OwnSignal | null;
  readonly search: SignalsSearch;
  readonly diagnostics: readonly Diagnostic[];
  readonly onEdit: (edit: TextEdit) => void;
  readonly onName: (name: string) => void;
}) {
  if (search.leaveOut === 'yes') return <LeftOutForm {...{ text, onEdit }} diagnostics={[...diagnostics]} />;
  return (
    <SignalForm
      {...{ text, signals, onEdit, onName }}
      signal={edited}
      isNew={search.edit === '+'}
      diagnostics={[...diagnostics]}
    />
  );
}

/** The address once what is edited has another name; what is in force keeps its own beside. */
function renamed({ edit, from }: SignalsSearch, inForce: string, name: string): SignalsSearch {
  const before = from ?? edit;
  const isInForce = ownSignalsIn(inForce)?.some((signal) => signal.name === before) === true;
  return { edit: name, ...(isInForce && before !== undefined && before !== name ? { from: before } : {}) };
}

/** Brings the line of what is edited into view, once for each thing that is edited. */
function useShown(handle: React.RefObject<TextHandle | null>, line: number | null, what: string) {
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (line === null || shown.current === what) return;
    shown.current = what;
    handle.current?.show(line);
  }, [handle, line, what]);
}

function Bar({
  isDraft,
  search,
  onBack,
  onForget,
  onPublish,
}: {
  readonly isDraft: boolean;
  readonly search: SignalsSearch;
  readonly onBack: () => void;
  readonly onForget: () => void;
  readonly onPublish: () => void;
}) {
  const title = search.leaveOut === 'yes' ? 'Who is left out' : search.edit === '+' ? 'A new signal' : search.edit;
  return (
    <div className={styles['bar']}>
      <Anchor component="button" size="sm" onClick={onBack}>
        ← All signals
      </Anchor>
      <h2>{title}</h2>
      <span className="small muted" aria-live="polite">
        {isDraft ? 'A draft: nothing of it is in force.' : 'As it is in force.'}
      </span>
      <span style={{ flex: 1 }} />
      {isDraft && (
        <Button variant="subtle" size="xs" onClick={onForget}>
          Throw the draft away
        </Button>
      )}
      <Button size="xs" disabled={!isDraft} onClick={onPublish}>
        See who would move, and publish
      </Button>
    </div>
  );
}

/** Errors of the draft that are about something else than what is edited here: publishing waits for them. */
function Elsewhere({
  diagnostics,
  edited,
}: {
  readonly diagnostics: readonly Diagnostic[];
  readonly edited: OwnSignal | null;
}) {
  const others = diagnostics.filter(
    ({ severity, place }) =>
      severity === 'error' &&
      !(edited !== null && place.field?.startsWith(`signals.${edited.name}`)) &&
      !place.field?.startsWith('exclude'),
  );
  if (others.length === 0) return null;
  return (
    <ul className={`${dataStyles['list']} ${styles['fault']}`} aria-label="What else is to be corrected">
      {others.map(({ code, message, place, suggestion }) => (
        <li key={`${code} ${place.line} ${place.field}`} style={{ padding: '4px 0' }}>
          ✕ Line {place.line ?? 1}: {message.replaceAll('`', '')}. {suggestion?.replaceAll('`', '')}
        </li>
      ))}
    </ul>
  );
}
