import { ActionIcon, Autocomplete, Button, NativeSelect, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { VocabularyBody } from '../../../api/contract.ts';
import { SegmentChip } from '../../parts/segment-chip.tsx';
import {
  type Comparison,
  isOperand,
  OPERATORS,
  type Operator,
  operandOf,
  type Part,
  partsOf,
  textOfParts,
} from './condition.ts';
import type { RuleInText } from './document.ts';
import styles from './model.module.css';

const HINTS = { one: "0.5 or 'word'", list: "('Gold', 'Silver')", range: '50 and 200', none: '' } as const;

/** The rules of the model as parts that all must hold; each change is one change of the text. */
export function Builder({
  rules,
  words,
  isReadOnly,
  onChange,
  onShow,
}: {
  readonly rules: readonly RuleInText[] | null;
  readonly words: VocabularyBody['words'];
  readonly isReadOnly: boolean;
  readonly onChange: (rule: RuleInText, condition: string) => void;
  readonly onShow: (rule: RuleInText) => void;
}) {
  if (rules === null) return <p className="muted">The text is no YAML as it stands. The builder waits until it is.</p>;
  if (rules.length === 0)
    return (
      <p className="muted">
        This text leaves the rules at what ships with Bellwether. Write <code>segments:</code> into it to change them.
      </p>
    );
  return (
    <div className={styles['rules']}>
      {rules.map((rule) => (
        <RuleParts
          key={`${rule.list} ${rule.name}`}
          {...{ rule, words, isReadOnly, onShow }}
          onChange={(condition) => onChange(rule, condition)}
        />
      ))}
    </div>
  );
}

function RuleParts({
  rule,
  words,
  isReadOnly,
  onChange,
  onShow,
}: {
  readonly rule: RuleInText;
  readonly words: VocabularyBody['words'];
  readonly isReadOnly: boolean;
  readonly onChange: (condition: string) => void;
  readonly onShow: (rule: RuleInText) => void;
}) {
  const parts = partsOf(rule.when);
  const replace = (index: number, part: Part | null) =>
    onChange(textOfParts(parts.flatMap((each, place) => (place !== index ? [each] : part === null ? [] : [part]))));
  return (
    <section aria-label={rule.name} className={styles['rule']}>
      <div className={styles['ruleHead']}>
        <h3>
          {rule.list === 'segments' ? <SegmentChip segment={rule.name} /> : `${rule.name} (${rule.list.slice(0, -1)})`}
        </h3>
        <Button variant="subtle" size="compact-xs" onClick={() => onShow(rule)}>
          Line {rule.line}
        </Button>
      </div>
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are told apart by their place alone
        <div key={index} className={styles['part']}>
          <span className="small muted">{index === 0 ? 'when' : 'and'}</span>
          {part.kind === 'free' ? (
            <code className={styles['free']} title="Edited as text">
              {part.text}
            </code>
          ) : (
            <ComparisonRow
              part={part}
              words={words}
              isReadOnly={isReadOnly}
              label={`${rule.name}, part ${index + 1}`}
              onChange={(next) => replace(index, next)}
            />
          )}
          {!isReadOnly && parts.length > 1 && (
            <ActionIcon
              variant="subtle"
              size="sm"
              aria-label={`Take part ${index + 1} of ${rule.name} away`}
              onClick={() => replace(index, null)}
            >
              <IconX size={14} />
            </ActionIcon>
          )}
        </div>
      ))}
      {!isReadOnly && (
        <Button
          variant="subtle"
          size="compact-xs"
          aria-label={`Add a part to ${rule.name}`}
          onClick={() =>
            onChange(textOfParts([...parts, { kind: 'comparison', name: 'arr', operator: '>=', operand: '0' }]))
          }
        >
          Add a part
        </Button>
      )}
    </section>
  );
}

function ComparisonRow({
  part,
  words,
  isReadOnly,
  label,
  onChange,
}: {
  readonly part: Comparison;
  readonly words: VocabularyBody['words'];
  readonly isReadOnly: boolean;
  readonly label: string;
  readonly onChange: (part: Comparison) => void;
}) {
  const word = words.find(({ name }) => name === part.name);
  const kind = operandOf(part.operator);
  return (
    <>
      <Settled
        label={`${label}: name`}
        value={part.name}
        isValid={(name) => /^[a-z_]\w*$/.test(name)}
        options={words.map(({ name }) => name)}
        isReadOnly={isReadOnly}
        hint={word?.meaning ?? ''}
        onSettle={(name) => onChange({ ...part, name })}
      />
      <NativeSelect
        size="xs"
        w={92}
        aria-label={`${label}: comparison`}
        data={[...OPERATORS]}
        value={part.operator}
        disabled={isReadOnly}
        onChange={({ currentTarget: { value } }) => onChange(withOperator(part, value as Operator))}
      />
      {kind !== 'none' && (
        <Settled
          label={`${label}: value`}
          value={part.operand}
          isValid={(operand) => isOperand(part.operator, operand)}
          options={kind === 'one' ? (word?.values ?? []).map(({ value }) => `'${value}'`) : []}
          isReadOnly={isReadOnly}
          hint={HINTS[kind]}
          onSettle={(operand) => onChange({ ...part, operand })}
        />
      )}
    </>
  );
}

/** Another way to compare keeps the value where it can stand there. */
function withOperator(part: Comparison, operator: Operator): Comparison {
  const kind = operandOf(operator);
  if (isOperand(operator, part.operand)) return { ...part, operator };
  const [first = '0'] = /-?\d+(?:\.\d+)?|'(?:[^']|'')*'/.exec(part.operand) ?? [];
  const operand = { one: first, list: `(${first})`, range: `${/^'/.test(first) ? '0' : first} and 100`, none: '' }[
    kind
  ];
  return { ...part, operator, operand };
}

/** A field whose value counts once it is whole: with Enter, or when it is left. */
function Settled({
  label,
  value,
  isValid,
  options,
  isReadOnly,
  hint,
  onSettle,
}: {
  readonly label: string;
  readonly value: string;
  readonly isValid: (text: string) => boolean;
  readonly options: readonly string[];
  readonly isReadOnly: boolean;
  readonly hint: string;
  readonly onSettle: (text: string) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const shown = draft ?? value;
  const settle = () => {
    if (draft !== null && draft !== value && isValid(draft)) onSettle(draft);
    if (draft !== null && isValid(draft)) setDraft(null);
  };
  const common = {
    size: 'xs',
    'aria-label': label,
    title: hint,
    value: shown,
    error: !isValid(shown),
    readOnly: isReadOnly,
    className: styles['field'] ?? '',
    onBlur: settle,
    onKeyDown: ({ key }: { readonly key: string }) => key === 'Enter' && settle(),
  } as const;
  if (options.length === 0)
    return <TextInput {...common} onChange={({ currentTarget }) => setDraft(currentTarget.value)} />;
  return <Autocomplete {...common} data={[...new Set(options)]} limit={12} onChange={setDraft} />;
}
