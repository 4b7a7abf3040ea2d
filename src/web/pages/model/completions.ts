import { autocompletion, type CompletionSource } from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import type { VocabularyBody } from '../../../api/contract.ts';
import { wholeText } from '../../format.ts';

type Word = VocabularyBody['words'][number];

/** Keys of the model whose value is a condition, and lines that go on with one. */
const CONDITION = /^\s*-?\s*(?:when|icp|users|accounts)\s*:|\b(?:and|or|not)\s|when:\s|[<>=]\s*\S*$/;

const SVG = 'http://www.w3.org/2000/svg';
const BAR = { width: 9, gap: 1, height: 40 } as const;

/** How a name spreads among today's customers, as bars; null where there is nothing to draw. */
function histogramOf({ histogram }: Word): SVGElement | null {
  if (histogram === null) return null;
  const { counts } = histogram;
  const most = counts.reduce((high, count) => Math.max(high, count), 1);
  const picture = document.createElementNS(SVG, 'svg');
  picture.setAttribute('width', String(counts.length * (BAR.width + BAR.gap)));
  picture.setAttribute('height', String(BAR.height));
  picture.setAttribute('aria-hidden', 'true');
  counts.forEach((count, index) => {
    const height = count === 0 ? 0 : Math.max(2, (BAR.height * count) / most);
    const bar = document.createElementNS(SVG, 'rect');
    bar.setAttribute('x', String(index * (BAR.width + BAR.gap)));
    bar.setAttribute('y', String(BAR.height - height));
    bar.setAttribute('width', String(BAR.width));
    bar.setAttribute('height', String(height));
    bar.setAttribute('fill', 'currentColor');
    picture.append(bar);
  });
  return picture;
}

const short = (value: number): string => String(Math.round(value * 100) / 100);

/** What a name means, and what it says today. */
function aboutWord(word: Word): HTMLElement {
  const box = document.createElement('div');
  box.className = 'cm-about';
  const line = (text: string, isMuted = false): void => {
    const own = document.createElement('div');
    own.textContent = text;
    if (isMuted) own.className = 'muted small';
    box.append(own);
  };
  line(word.meaning ?? `${word.kind} of accounts`);
  line([word.unit ?? word.type, word.dimension].join(' · '), true);
  const picture = histogramOf(word);
  if (picture !== null && word.histogram !== null) {
    box.append(picture);
    line(`${short(word.histogram.low)} to ${short(word.histogram.high)} today`, true);
  }
  if (word.values !== null)
    line(word.values.map(({ value, accounts }) => `${value} (${wholeText(accounts)})`).join(', '), true);
  line(
    `known of ${wholeText(word.known)} customers${word.missing === 0 ? '' : `, no data for ${wholeText(word.missing)}`}`,
    true,
  );
  return box;
}

/** Offers the names that a condition may read, with unit, meaning and how each spreads today; and values in quotes. */
export function completions(words: () => readonly Word[]): Extension {
  const names: CompletionSource = (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    if (!CONDITION.test(before) && !context.explicit) return null;
    const quoted = /([a-z_]\w*)\s*(?:=|!=|in\s*\()[^=<>]*'([^']*)$/.exec(before);
    if (quoted !== null) {
      const values = words().find(({ name }) => name === quoted[1])?.values ?? [];
      return {
        from: context.pos - (quoted[2] ?? '').length,
        options: values.map(({ value, accounts }) => ({ label: value, detail: `${wholeText(accounts)} customers` })),
      };
    }
    const word = context.matchBefore(/[a-z_]\w*/);
    if (word === null && !context.explicit) return null;
    return {
      from: word?.from ?? context.pos,
      options: words().map((each) => ({
        label: each.name,
        type: each.kind,
        detail: each.unit ?? each.type,
        info: () => aboutWord(each),
      })),
      validFor: /^\w*$/,
    };
  };
  return autocompletion({ override: [names], icons: false });
}
