import { type Extension, RangeSetBuilder, StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';
import type { CheckedModelBody } from '../../../api/contract.ts';

type Diagnostic = CheckedModelBody['diagnostics'][number];

/** What is wrong on a line, told under it. */
class Under extends WidgetType {
  readonly #diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super();
    this.#diagnostic = diagnostic;
  }

  override eq(other: Under): boolean {
    return JSON.stringify(other.#diagnostic) === JSON.stringify(this.#diagnostic);
  }

  override toDOM(): HTMLElement {
    const { severity, message, suggestion, place } = this.#diagnostic;
    const line = document.createElement('div');
    line.className = `cm-told cm-told-${severity}`;
    line.style.paddingLeft = `${Math.min(40, Math.max(0, (place.column ?? 1) - 1))}ch`;
    const sign = { error: '✕ ', warning: '▲ ', info: 'ℹ ' }[severity];
    line.textContent = `${sign}${message}. ${suggestion ?? ''}`;
    return line;
  }
}

const WORD = /[\w.]+/y;

/** Where the thing at fault ends: with its word, or with the line. */
function endOf(line: string, column: number): number {
  WORD.lastIndex = column;
  return WORD.exec(line) === null ? line.length : WORD.lastIndex;
}

function decorationsOf(doc: Text, diagnostics: readonly Diagnostic[]): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const placed = diagnostics
    .flatMap((diagnostic) => {
      const { line, column = 1 } = diagnostic.place;
      if (line === undefined || line > doc.lines || diagnostic.severity === 'info') return [];
      return [{ diagnostic, line: doc.line(line), column: column - 1 }];
    })
    .sort((a, b) => a.line.from + a.column - (b.line.from + b.column));
  const byLine = new Map<number, typeof placed>();
  for (const each of placed) byLine.set(each.line.from, [...(byLine.get(each.line.from) ?? []), each]);
  for (const group of byLine.values()) {
    let marked = -1;
    for (const { diagnostic, line, column } of group) {
      const from = line.from + Math.min(column, line.length);
      const to = line.from + endOf(line.text, Math.min(column, line.length));
      if (from >= to || from < marked) continue;
      builder.add(from, to, Decoration.mark({ class: `cm-fault cm-fault-${diagnostic.severity}` }));
      marked = to;
    }
    for (const { diagnostic, line } of group) {
      builder.add(line.to, line.to, Decoration.widget({ widget: new Under(diagnostic), block: true, side: 1 }));
    }
  }
  return builder.finish();
}

const told = StateEffect.define<readonly Diagnostic[]>();

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (value, { changes, effects, newDoc }) => {
    const effect = effects.find((each) => each.is(told));
    return effect === undefined ? value.map(changes) : decorationsOf(newDoc, effect.value);
  },
  provide: (own) => EditorView.decorations.from(own),
});

/** Tells what is wrong under the lines where it is wrong. */
export const marks: Extension = field;

/** Replaces what is told. */
export function tell(view: EditorView, diagnostics: readonly Diagnostic[]): void {
  view.dispatch({ effects: told.of(diagnostics) });
}
