import { Button, FileButton, Progress, Select } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { bytesText, wordText } from '../../format.ts';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { useMay } from '../../shell/session.ts';
import { tablesQuery } from './ask-data.ts';
import styles from './data.module.css';
import { guessMapping, guessTable, type Mapping, missingOf, sourceOfMapping, type Table } from './mapping.ts';
import { MappingTable } from './mapping-table.tsx';
import { Report } from './report.tsx';
import { type Sample, sampleOf } from './sample.ts';
import { sendFile } from './send-file.ts';

/** How a file is to be read. */
interface Plan {
  readonly file: File;
  readonly sample: Sample | null;
  readonly table: Table;
  /** Name of a source of the model; null: by the mapping below. */
  readonly source: string | null;
  readonly mapping: Mapping;
}

/** Question: what would this file give, and what of it would be refused? */
export function UploadTab() {
  const may = useMay('imports.write');
  const queries = useQueryClient();
  const tables = useQuery(tablesQuery).data?.tables ?? [];
  const [plan, setPlan] = useState<Plan | null>(null);
  /** The file that was chosen last: one before it may take longer to look into. */
  const chosen = useRef<File | null>(null);
  const choose = async (file: File | null) => {
    if (file === null) return;
    chosen.current = file;
    // Whoever is quicker than the answer is not ignored.
    const [known, sample] = await Promise.all([queries.ensureQueryData(tablesQuery), sampleOf(file)]);
    const table = guessTable(known.tables, sample?.columns ?? [], file.name);
    if (table !== null && chosen.current === file) setPlan(planOf(file, sample, table));
  };
  if (!may)
    return <p className={styles['lead']}>Importing files is for editors. Ask an administrator to make you one.</p>;
  return (
    <div className={styles['steps']}>
      <section className={styles['part']} aria-labelledby="file">
        <h2 id="file">File</h2>
        <Drop plan={plan} onFile={(file) => void choose(file)} />
        {plan !== null && <Kind plan={plan} tables={tables} onChange={setPlan} />}
      </section>
      {plan === null ? (
        <section className={styles['part']}>
          <h2>How it goes</h2>
          <p className={styles['lead']}>
            Choose a file. You say which of its columns is which of ours, and look at what would be taken and what
            refused, line by line. Nothing is kept until you import. The same file sent twice changes nothing.
          </p>
        </section>
      ) : (
        <Run
          key={`${plan.file.name} ${plan.file.size} ${plan.table.name} ${plan.source}`}
          plan={plan}
          onChange={setPlan}
        />
      )}
    </div>
  );
}

function planOf(file: File, sample: Sample | null, table: Table): Plan {
  const mapping = guessMapping(table, sample?.columns ?? []);
  return { file, sample, table, mapping, source: sample === null ? (table.sources[0] ?? null) : null };
}

function Drop({ plan, onFile }: { readonly plan: Plan | null; readonly onFile: (file: File | null) => void }) {
  const [isOver, setIsOver] = useState(false);
  return (
    <section
      aria-label="Choose a file"
      className={styles['drop']}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        onFile(event.dataTransfer.files[0] ?? null);
      }}
    >
      <IconFileUpload size={28} stroke={1.5} aria-hidden color="var(--bw-muted)" />
      {plan === null ? (
        <p>Drop a file here</p>
      ) : (
        <p style={{ fontWeight: 500, overflowWrap: 'anywhere' }}>
          {plan.file.name} <span className="small muted">{bytesText(plan.file.size)}</span>
        </p>
      )}
      <FileButton onChange={onFile} accept=".csv,.tsv,.txt,.jsonl,.ndjson,.json,.parquet">
        {(props) => (
          <Button {...props} size="xs" variant="default">
            {plan === null ? 'Choose a file' : 'Choose another'}
          </Button>
        )}
      </FileButton>
      <p className="small muted">CSV, JSON Lines or Parquet</p>
    </section>
  );
}

function Kind({
  plan,
  tables,
  onChange,
}: {
  readonly plan: Plan;
  readonly tables: readonly Table[];
  readonly onChange: (plan: Plan) => void;
}) {
  const { table, source, sample, file } = plan;
  const ways = [
    ...(sample === null ? [] : [{ value: '', label: 'the mapping beside' }]),
    ...table.sources.map((name) => ({ value: name, label: `source ${name} of the model` })),
  ];
  return (
    <>
      <Select
        label="What it holds"
        description={`One row is one ${table.grain}.`}
        data={tables.map(({ name }) => ({ value: name, label: wordText(name) }))}
        value={table.name}
        allowDeselect={false}
        searchable
        onChange={(name) => {
          const next = tables.find((one) => one.name === name);
          if (next !== undefined) onChange(planOf(file, sample, next));
        }}
      />
      {ways.length > 1 && (
        <Select
          label="Read it by"
          data={ways}
          value={source ?? ''}
          allowDeselect={false}
          onChange={(name) => onChange({ ...plan, source: name === '' || name === null ? null : name })}
        />
      )}
    </>
  );
}

function Run({ plan, onChange }: { readonly plan: Plan; readonly onChange: (plan: Plan) => void }) {
  const { file, sample, table, source, mapping } = plan;
  const queries = useQueryClient();
  const [sent, setSent] = useState(0);
  const said = source ?? sourceOfMapping(table, mapping);
  const send = useMutation({
    mutationFn: async (isDry: boolean) => {
      setSent(0);
      return { said, report: await sendFile({ file, source: said, isDry, onSent: setSent }) };
    },
    onSuccess: ({ report }) => {
      if (!report.dryRun) void queries.invalidateQueries({ queryKey: ['data'] });
    },
  });
  const missing = source === null ? missingOf(table, mapping) : [];
  const isUnreadable = sample === null && source === null;
  const told = send.data?.said === said ? send.data.report : undefined;
  return (
    <div>
      {sample !== null && source === null && (
        <MappingTable
          table={table}
          sample={sample}
          mapping={mapping}
          onChange={(next) => onChange({ ...plan, mapping: next })}
        />
      )}
      <section className={styles['part']} aria-labelledby="outcome">
        <h2 id="outcome">
          {told === undefined ? 'Look before you import' : told.dryRun ? 'What it would give' : 'Imported'}
        </h2>
        {missing.length > 0 && (
          <p style={{ color: 'var(--bw-warn)' }}>
            ! Nothing fills {missing.map(wordText).join(', ')}, and every row needs{' '}
            {missing.length === 1 ? 'it' : 'them'}.
          </p>
        )}
        {isUnreadable && (
          <p className={styles['lead']}>
            The columns of this file are not shown in the browser, and no source of the model reads{' '}
            {wordText(table.name)}. Add one to the model, or send the file as CSV.
          </p>
        )}
        <div className={styles['row']}>
          <Button
            variant="default"
            disabled={missing.length > 0 || isUnreadable}
            loading={send.isPending && send.variables}
            onClick={() => send.mutate(true)}
          >
            Check it
          </Button>
          <Button
            disabled={told?.dryRun !== true || told.files.every(({ accepted }) => accepted === 0)}
            loading={send.isPending && !send.variables}
            onClick={() => send.mutate(false)}
          >
            Import it
          </Button>
        </div>
        {send.isPending && <Sending sent={sent} />}
        <RefusalNote error={send.error} />
        {told !== undefined && <Report report={told} />}
      </section>
    </div>
  );
}

function Sending({ sent }: { readonly sent: number }) {
  return (
    <div role="status">
      <Progress value={sent * 100} animated={sent >= 1} aria-label="How much has gone up" />
      <p className="small muted">{sent < 1 ? 'The file goes up.' : 'Every row is read and checked.'}</p>
    </div>
  );
}
