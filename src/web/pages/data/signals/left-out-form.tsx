import { Textarea } from '@mantine/core';
import type { DraftSpreadBody } from '../../../../api/contract.ts';
import type { TextEdit } from '../../model/document.ts';
import { faultOf } from './faults.ts';
import { leftOutEdit, leftOutIn } from './signal-text.ts';
import styles from './signals.module.css';

const FIELDS = [
  {
    entity: 'users',
    label: 'Users to leave out',
    description: 'Your own people: nothing that they do counts, in any account.',
    example: "email like '%@yourcompany.com'",
  },
  {
    entity: 'accounts',
    label: 'Accounts to leave out',
    description: 'Test and demo accounts, with everybody in them.',
    example: "name like 'Test %'",
  },
] as const;

/** The two conditions of those who are left out, each a change of the text. */
export function LeftOutForm({
  text,
  diagnostics,
  onEdit,
}: {
  readonly text: string;
  readonly diagnostics: DraftSpreadBody['diagnostics'];
  readonly onEdit: (edit: TextEdit) => void;
}) {
  const said = leftOutIn(text);
  if (said === null)
    return (
      <div className={styles['form']}>
        <p className="muted">The text is no YAML as it stands. The form waits until it is.</p>
      </div>
    );
  return (
    <section className={styles['form']} aria-label="Who is left out">
      {FIELDS.map(({ entity, label, description, example }) => (
        <Textarea
          key={entity}
          label={label}
          description={description}
          placeholder={example}
          autosize
          minRows={2}
          value={said[entity]}
          error={faultOf(diagnostics, `exclude.${entity}`)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
          onChange={({ currentTarget: { value } }) => onEdit(leftOutEdit(text, entity, value.replaceAll('\n', ' ')))}
        />
      ))}
      <p className="small muted">
        A condition reads attributes: columns of your users and accounts, and traits that the model declares. Compare
        with <code>=</code>, <code>in (…)</code>, <code>like '%…'</code> (<code>%</code> is anything), and join with{' '}
        <code>and</code> and <code>or</code>. Somebody whose attribute is unknown is not left out.
      </p>
    </section>
  );
}
