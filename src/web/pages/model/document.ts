import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar, stringify } from 'yaml';

/** A rule of the model as it stands in the text: which, and from where to where its condition goes. */
export interface RuleInText {
  readonly list: 'segments' | 'cohorts' | 'archetypes';
  readonly name: string;
  readonly when: string;
  /** Line of its name, from 1. */
  readonly line: number;
  readonly range: readonly [from: number, to: number];
  readonly isFlow: boolean;
  readonly isBlock: boolean;
}

/** Rules of a text; null: it is not YAML as it stands, and the builder waits. */
export function rulesIn(text: string): readonly RuleInText[] | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) return null;
  return (['segments', 'cohorts', 'archetypes'] as const).flatMap((list) => {
    const node = document.get(list, true);
    if (!isSeq(node)) return [];
    return node.items.flatMap((item): readonly RuleInText[] => {
      if (!isMap(item)) return [];
      const [name, when] = [item.get('name', true), item.get('when', true)];
      if (!isText(name) || !isText(when) || when.range == null || name.range == null) return [];
      const [from, to] = when.range;
      return [
        {
          ...{ list, name: String(name.value), when: String(when.value) },
          line: lines.linePos(name.range[0]).line,
          range: [from, to],
          isFlow: item.flow === true,
          isBlock: when.type === 'BLOCK_FOLDED' || when.type === 'BLOCK_LITERAL',
        },
      ];
    });
  });
}

function isText(node: unknown): node is Scalar<string> {
  return isScalar(node) && typeof node.value === 'string';
}

/** An edit of a text: what is between the two places becomes something else, and all around it stays, comments included. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** The edit that gives a rule another condition. */
export function conditionEdit(text: string, rule: RuleInText, condition: string): TextEdit {
  const [from, to] = rule.range;
  const scalar = scalarOf(condition, rule.isFlow);
  // The end of a block belongs to it, and the next line begins after it.
  const isLineEnd = rule.isBlock && text.slice(from, to).endsWith('\n');
  return { from, to, insert: isLineEnd ? `${scalar}\n` : scalar };
}

/** A condition as a value of YAML on one line, quoted where it must be. */
function scalarOf(condition: string, isFlow: boolean): string {
  const plain = stringify(condition, { lineWidth: 0, defaultStringType: 'PLAIN' }).trim();
  const isPlain = plain === condition && !(isFlow && /[,[\]{}]/.test(condition));
  return isPlain ? condition : JSON.stringify(condition);
}
