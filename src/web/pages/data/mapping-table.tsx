import { Select } from '@mantine/core';
import { wordText } from '../../format.ts';
import styles from './data.module.css';
import { examplesOf, type Mapping, type Table } from './mapping.ts';
import type { Sample } from './sample.ts';

/** Our columns on the left, those of the file on the right, with what stands in its first rows. */
export function MappingTable({
  table,
  sample,
  mapping,
  onChange,
}: {
  readonly table: Table;
  readonly sample: Sample;
  readonly mapping: Mapping;
  readonly onChange: (mapping: Mapping) => void;
}) {
  const others = sample.columns.filter((column) => !Object.values(mapping).includes(column));
  const set = (ours: string, theirs: string | null) => {
    const { [ours]: _, ...rest } = mapping;
    onChange(theirs === null ? rest : { ...rest, [ours]: theirs });
  };
  const columns = table.columns.filter(({ type }) => type !== 'map');
  return (
    <section className={styles['part']} aria-labelledby="mapping">
      <h2 id="mapping">
        Mapping{' '}
        <span className="muted">
          {Object.keys(mapping).length} of {columns.length}
        </span>
      </h2>
      <div className={styles['scroll']}>
        <table className={styles['map']} aria-label="Mapping">
          <thead>
            <tr>
              <th scope="col">Ours</th>
              <th scope="col">Column of the file</th>
              <th scope="col">First rows</th>
            </tr>
          </thead>
          <tbody>
            {columns.map(({ name, required, meaning }) => (
              <tr key={name}>
                <td title={meaning}>
                  {wordText(name)}
                  {required && <span className="small muted"> needed</span>}
                </td>
                <td>
                  <Select
                    aria-label={`Column for ${wordText(name)}`}
                    size="xs"
                    w={190}
                    data={[...sample.columns]}
                    value={mapping[name] ?? null}
                    placeholder="none"
                    clearable
                    searchable
                    clearButtonProps={{ 'aria-label': `Nothing fills ${wordText(name)}` }}
                    onChange={(theirs) => set(name, theirs)}
                  />
                </td>
                <td className={styles['sample']}>
                  {mapping[name] === undefined ? '' : examplesOf(sample, mapping[name])}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Others table={table} others={others} />
    </section>
  );
}

/** Columns of the file that are none of ours. */
function Others({ table, others }: { readonly table: Table; readonly others: readonly string[] }) {
  if (others.length === 0) return null;
  const isKept = table.columns.some(({ type }) => type === 'map');
  return (
    <p className="small muted">
      {isKept ? 'Kept beside, under their own names' : 'Not taken'}: {others.join(', ')}.
    </p>
  );
}
