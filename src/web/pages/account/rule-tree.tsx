import type { ExplanationBody } from '../../../api/contract.ts';
import { Unknown } from '../../parts/unknown.tsx';
import styles from './account.module.css';
import { valueText } from './value-text.ts';

type Rule = ExplanationBody['rules'][number];
type Part = Omit<Rule, 'segment' | 'decides'>;

/** A rule as it stands for one account: each part with a mark, and the values behind it. */
export function RuleTree({ rule, values }: { readonly rule: Rule; readonly values: ExplanationBody['values'] }) {
  const reasons = new Map(values.map(({ name, reason }) => [name, reason]));
  const verdict = rule.truth === null ? 'unknown' : rule.truth ? 'holds' : 'does not hold';
  return (
    <div data-rule={rule.segment}>
      <h3>
        {rule.segment} <span className="muted small">{verdict}</span>
      </h3>
      <ul className={styles['tree']}>
        <PartOf part={rule} reasons={reasons} />
      </ul>
    </div>
  );
}

function PartOf({ part, reasons }: { readonly part: Part; readonly reasons: ReadonlyMap<string, string | null> }) {
  const isLeaf = part.children.length === 0;
  return (
    <li>
      <div className={styles['part']}>
        <Truth truth={part.truth} />
        <span title={part.text}>{isLeaf ? part.english : joinText(part)}</span>
        {isLeaf && (
          <span className={styles['value']}>
            {part.inputs.map(({ name, value }) => (
              <span key={name} title={name}>
                {valueText(value) ?? <Unknown why={reasons.get(name) ?? 'Nobody has said.'} />}{' '}
              </span>
            ))}
          </span>
        )}
      </div>
      {!isLeaf && (
        <ul>
          {part.children.map((child) => (
            <PartOf key={child.text} part={child} reasons={reasons} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** How the parts of a part belong together. */
function joinText({ text, children }: Part): string {
  if (children.length === 1) return /^not\b/i.test(text) ? 'Not this' : 'This';
  const rest = children.reduce((left, child) => left.replace(child.text, ''), text);
  return /\bor\b/i.test(rest) ? 'Any of these' : 'All of these';
}

function Truth({ truth }: { readonly truth: boolean | null }) {
  const [kind, mark, word] =
    truth === null ? ['maybe', '?', 'unknown'] : truth ? ['yes', '✓', 'holds'] : ['no', '×', 'does not hold'];
  return (
    <span className={`${styles['truth']} ${styles[kind] ?? ''}`}>
      <span aria-hidden>{mark}</span>
      <span className="hidden">{word}</span>
    </span>
  );
}
