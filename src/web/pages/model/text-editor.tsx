import { acceptCompletion, closeCompletion } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { defaultHighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorSelection, EditorState } from '@codemirror/state';
import { type Command, drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { type RefObject, useEffect, useRef } from 'react';
import type { CheckedModelBody, VocabularyBody } from '../../../api/contract.ts';
import { completions } from './completions.ts';
import type { TextEdit } from './document.ts';
import { marks, tell } from './marks.ts';
import { undo } from './undo.ts';

/** What others may do with the text while it is shown. */
export interface TextHandle {
  readonly edit: (edit: TextEdit) => void;
  readonly replace: (text: string) => void;
  /** Brings a line, from 1, into view, and the cursor to it. */
  readonly show: (line: number) => void;
}

/** A new line begins as far in as the one before. */
const newLine: Command = ({ state, dispatch }) => {
  dispatch(
    state.update(
      state.changeByRange(({ from, to }) => {
        const line = state.doc.lineAt(from);
        const indent = /^\s*(?:- )?/.exec(line.text.slice(0, from - line.from))?.[0].replace('-', ' ') ?? '';
        const insert = `\n${indent}`;
        return { changes: { from, to, insert }, range: EditorSelection.cursor(from + insert.length) };
      }),
      { userEvent: 'input', scrollIntoView: true },
    ),
  );
  return true;
};

const LOOK = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', color: 'var(--bw-text)', backgroundColor: 'var(--bw-raised)' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '20px' },
  '.cm-content': { caretColor: 'var(--bw-accent)' },
  '.cm-cursor': { borderLeftColor: 'var(--bw-accent)' },
  '.cm-gutters': {
    backgroundColor: 'var(--bw-sunken)',
    color: 'var(--bw-muted)',
    borderRight: '1px solid var(--bw-line)',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--bw-accent) 6%, transparent)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--bw-accent) 22%, transparent) !important',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--bw-raised)',
    color: 'var(--bw-text)',
    border: '1px solid var(--bw-line-strong)',
    borderRadius: '6px',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--bw-accent-soft)',
    color: 'var(--bw-text)',
  },
  '.cm-completionDetail': { color: 'var(--bw-muted)', fontStyle: 'normal' },
  '.cm-about': {
    maxWidth: '280px',
    padding: '4px',
    color: 'var(--bw-text)',
    fontFamily: "'Inter Variable', system-ui, sans-serif",
  },
  '.cm-about svg': { color: 'var(--bw-accent)', display: 'block', margin: '6px 0 0' },
  '.cm-told': {
    fontFamily: "'Inter Variable', system-ui, sans-serif",
    fontSize: '12px',
    whiteSpace: 'normal',
    padding: '1px 6px',
  },
  '.cm-told-error': { color: 'var(--bw-bad)', backgroundColor: 'var(--bw-bad-soft)' },
  '.cm-told-warning': { color: 'var(--bw-warn)', backgroundColor: 'var(--bw-warn-soft)' },
  '.cm-fault': { textDecoration: 'underline wavy', textDecorationSkipInk: 'none' },
  '.cm-fault-error': { textDecorationColor: 'var(--bw-bad)' },
  '.cm-fault-warning': { textDecorationColor: 'var(--bw-warn)' },
  '.cm-content .ͼm, .cm-content .ͼl': { color: 'var(--bw-muted)' },
});

interface Latest {
  readonly onChange: (text: string) => void;
  readonly words: VocabularyBody['words'];
}

/** The text of the model, in an editor that knows its names and tells what is wrong under the line. */
export function TextEditor({
  initial,
  handle,
  words,
  diagnostics,
  isReadOnly,
  onChange,
}: {
  readonly initial: string;
  readonly handle: RefObject<TextHandle | null>;
  readonly words: VocabularyBody['words'];
  readonly diagnostics: CheckedModelBody['diagnostics'];
  readonly isReadOnly: boolean;
  readonly onChange: (text: string) => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const first = useRef(initial);
  const latest = useRef<Latest>({ onChange, words });
  useEffect(() => {
    latest.current = { onChange, words };
  });
  useEffect(() => {
    if (frame.current === null) return;
    const made = new EditorView({ parent: frame.current, state: stateOf(first.current, isReadOnly, latest) });
    // What scrolls can be scrolled by keys.
    made.scrollDOM.tabIndex = 0;
    view.current = made;
    handle.current = handleOf(made);
    return () => {
      first.current = made.state.doc.toString();
      made.destroy();
      view.current = null;
      handle.current = null;
    };
  }, [isReadOnly, handle]);
  useEffect(() => {
    if (view.current !== null) tell(view.current, diagnostics);
  }, [diagnostics]);
  return <div ref={frame} style={{ height: '100%', overflow: 'hidden' }} />;
}

function stateOf(doc: string, isReadOnly: boolean, latest: RefObject<Latest>): EditorState {
  return EditorState.create({
    doc,
    extensions: [
      lineNumbers(),
      drawSelection(),
      highlightActiveLine(),
      indentUnit.of('  '),
      yaml(),
      syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
      marks,
      undo,
      completions(() => latest.current.words),
      keymap.of([
        { key: 'Tab', run: acceptCompletion },
        { key: 'Escape', run: closeCompletion },
        { key: 'Enter', run: newLine },
      ]),
      EditorState.readOnly.of(isReadOnly),
      EditorView.contentAttributes.of({ 'aria-label': 'The model as text' }),
      EditorView.lineWrapping,
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (docChanged) latest.current.onChange(state.doc.toString());
      }),
      LOOK,
    ],
  });
}

function handleOf(view: EditorView): TextHandle {
  return {
    edit: ({ from, to, insert }) => view.dispatch({ changes: { from, to, insert }, userEvent: 'input.builder' }),
    replace: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    show: (number) => {
      const line = view.state.doc.line(Math.min(number, view.state.doc.lines));
      view.dispatch({
        selection: { anchor: line.from },
        effects: EditorView.scrollIntoView(line.from, { y: 'center' }),
      });
    },
  };
}
