import { Button } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { ModelBody, PreviewBody, VocabularyBody } from '../../../api/contract.ts';
import { wholeText } from '../../format.ts';
import { Builder } from './builder.tsx';
import { conditionEdit, type RuleInText, rulesIn } from './document.ts';
import { earlierDraft, forgetDraft, useDraft, useVocabulary } from './draft.ts';
import styles from './model.module.css';
import { Preview } from './preview.tsx';
import { PublishDialog, type ToPublish } from './publish.tsx';
import { TextEditor, type TextHandle } from './text-editor.tsx';

function Notes({ model: { coming, file } }: { readonly model: ModelBody }) {
  return (
    <>
      {coming !== null && (
        <p className={styles['note']} role="status">
          {coming.author} published “{coming.note}”. Accounts are being computed by it; until all are, everybody is
          answered by the version before.
        </p>
      )}
      {file === 'other' && (
        <p className={styles['note']}>
          The file bellwether.yaml holds changes that nobody published. <code>bellwether plan</code> tells what they
          are, and <code>bellwether apply</code> publishes them.
        </p>
      )}
      {file === 'unwritten' && (
        <p className={styles['note']}>
          The file bellwether.yaml could not be written, and still says what was in force before. What is shown here is
          in force.
        </p>
      )}
    </>
  );
}

/** What was written upon a version that has been replaced meanwhile is kept until its author decides. */
function Earlier({ onTake, onForget }: { readonly onTake: () => void; readonly onForget: () => void }) {
  return (
    <div className={styles['note']} role="status">
      <p>
        A draft of yours was made upon an earlier version. What was published since is not in it, and would be undone by
        it: the preview tells what.
      </p>
      <Button variant="subtle" size="compact-sm" onClick={onTake}>
        Take it up
      </Button>
      <Button variant="subtle" size="compact-sm" onClick={onForget}>
        Throw it away
      </Button>
    </div>
  );
}

/** The draft in text and in parts, what it would move, and the way to publish it. */
export function Edit({ model, mayPublish }: { readonly model: ModelBody; readonly mayPublish: boolean }) {
  const handle = useRef<TextHandle>(null);
  const { segment } = useSearch({ from: '/inside/model' });
  const { text, change, preview, isSettled, measure } = useDraft(model);
  const { data: vocabulary } = useVocabulary(model.version);
  const [what, setWhat] = useState<ToPublish | null>(null);
  const [published, setPublished] = useState<string | null>(null);
  const [earlier, setEarlier] = useState(() => earlierDraft(model));
  const rules = useMemo(() => rulesIn(text), [text]);
  const words = vocabulary?.words ?? [];
  const plan = preview.data?.plan;
  const isDraft = text !== model.text;
  const isPublished = isDraft && text === published;
  // What is written now would be written upon a version that is about to go.
  const isWaiting = model.coming !== null || isPublished;
  const first = useRef(rules?.find(({ name }) => name === segment));
  useEffect(() => {
    if (first.current !== undefined) handle.current?.show(first.current.line);
  }, []);
  const edit = (rule: RuleInText, condition: string) => handle.current?.edit(conditionEdit(text, rule, condition));
  const errors = preview.data?.diagnostics.filter(({ severity }) => severity === 'error').length ?? 0;
  return (
    <>
      <Notes model={model} />
      {earlier !== null && !isDraft && !isWaiting && (
        <Earlier
          onTake={() => {
            setEarlier(null);
            handle.current?.replace(earlier);
          }}
          onForget={() => {
            setEarlier(null);
            forgetDraft();
          }}
        />
      )}
      <Bar
        {...{ isDraft, isPublished, isWaiting, errors, mayPublish }}
        isReady={isSettled && plan != null && !preview.isPlaceholderData}
        onForget={() => handle.current?.replace(model.text)}
        onPublish={() => setWhat({ kind: 'text', text })}
      />
      <Panes
        {...{ handle, text, rules, words, change, edit }}
        diagnostics={preview.data?.diagnostics ?? []}
        isReadOnly={isWaiting}
      />
      {preview.error !== null && (
        <p role="alert" className={styles['note']}>
          {preview.error.message}
        </p>
      )}
      <Preview plan={plan} currency={model.currency} isAsking={preview.isFetching || !isSettled} onMeasure={measure} />
      <PublishDialog
        {...{ what, model }}
        changes={plan?.changes.map(({ words: told }) => told) ?? []}
        moves={plan?.moves.length ?? null}
        onClose={() => setWhat(null)}
        onDone={() => {
          forgetDraft();
          setPublished(text);
          setWhat(null);
        }}
      />
    </>
  );
}

function Panes({
  handle,
  text,
  rules,
  words,
  diagnostics,
  isReadOnly,
  change,
  edit,
}: {
  readonly handle: RefObject<TextHandle | null>;
  readonly text: string;
  readonly rules: ReturnType<typeof rulesIn>;
  readonly words: VocabularyBody['words'];
  readonly diagnostics: PreviewBody['diagnostics'];
  readonly isReadOnly: boolean;
  readonly change: (text: string) => void;
  readonly edit: (rule: RuleInText, condition: string) => void;
}) {
  return (
    <div className={styles['panes']}>
      <div className={styles['pane']}>
        <TextEditor {...{ handle, words, diagnostics, isReadOnly }} initial={text} onChange={change} />
      </div>
      <section className={`${styles['pane']} ${styles['builder']}`} aria-label="The rules in parts" tabIndex={0}>
        <Builder {...{ rules, words, isReadOnly }} onChange={edit} onShow={({ line }) => handle.current?.show(line)} />
      </section>
    </div>
  );
}

function Bar({
  isDraft,
  isPublished,
  isWaiting,
  errors,
  mayPublish,
  isReady,
  onForget,
  onPublish,
}: {
  readonly isDraft: boolean;
  /** It was published a moment ago, and everybody is being computed by it. */
  readonly isPublished: boolean;
  /** Nothing can be written or published until what was published last is in force. */
  readonly isWaiting: boolean;
  readonly errors: number;
  readonly mayPublish: boolean;
  readonly isReady: boolean;
  readonly onForget: () => void;
  readonly onPublish: () => void;
}) {
  const isOpen = isDraft && !isPublished;
  const canPublish = isOpen && isReady && !isWaiting;
  return (
    <div className={styles['bar']}>
      <span aria-live="polite">
        {isOpen
          ? 'A draft: nothing of it is in force.'
          : isDraft
            ? 'Published: in force as soon as everybody has been computed by it.'
            : 'As it is in force.'}
      </span>
      {errors > 0 && <span style={{ color: 'var(--bw-bad)' }}>✕ {wholeText(errors)} to correct</span>}
      <span style={{ flex: 1 }} />
      {isOpen && !isWaiting && (
        <Button variant="subtle" size="compact-sm" onClick={onForget}>
          Throw the draft away
        </Button>
      )}
      {mayPublish && (
        <Button size="compact-sm" disabled={!canPublish} onClick={onPublish}>
          Publish…
        </Button>
      )}
    </div>
  );
}
