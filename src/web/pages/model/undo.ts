import { type ChangeSet, type Extension, StateEffect, StateField, Transaction } from '@codemirror/state';
import { type Command, keymap } from '@codemirror/view';

/** Changes that take back what was done, and those that do it again. */
interface Past {
  readonly back: readonly ChangeSet[];
  readonly again: readonly ChangeSet[];
  readonly at: number;
}

const GROUP_MILLIS = 500;
const MOST = 400;
const undone = StateEffect.define<'back' | 'again'>();

const past = StateField.define<Past>({
  create: () => ({ back: [], again: [], at: 0 }),
  update: (value, transaction) => (transaction.docChanged ? after(value, transaction) : value),
});

function after({ back, again, at }: Past, transaction: Transaction): Past {
  const { changes, startState, effects } = transaction;
  const inverse = changes.invert(startState.doc);
  const effect = effects.find((each) => each.is(undone));
  if (effect?.value === 'back') return { back: back.slice(0, -1), again: [...again, inverse], at: 0 };
  if (effect?.value === 'again') return { back: [...back, inverse], again: again.slice(0, -1), at: 0 };
  const now = transaction.annotation(Transaction.time) ?? 0;
  const last = back.at(-1);
  // Letters typed one after another are taken back together.
  const isSame = transaction.isUserEvent('input.type') && last !== undefined && now - at < GROUP_MILLIS;
  const kept = isSame ? [...back.slice(0, -1), inverse.compose(last)] : [...back, inverse].slice(-MOST);
  return { back: kept, again: [], at: now };
}

const step =
  (way: 'back' | 'again'): Command =>
  ({ state, dispatch }) => {
    const changes = state.field(past)[way].at(-1);
    if (changes === undefined) return false;
    dispatch({ changes, effects: undone.of(way), scrollIntoView: true });
    return true;
  };

/** Takes back what was done in the text, whoever did it: keys, completions or the builder. */
export const undo: Extension = [
  past,
  keymap.of([
    { key: 'Mod-z', run: step('back'), preventDefault: true },
    { key: 'Mod-y', mac: 'Mod-Shift-z', run: step('again'), preventDefault: true },
    { key: 'Mod-Shift-z', run: step('again'), preventDefault: true },
  ]),
];
