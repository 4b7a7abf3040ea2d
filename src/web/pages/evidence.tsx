import { Loader, Select, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { instantText } from '../format.ts';
import { PageHead } from '../parts/page-head.tsx';
import { evidenceQuery } from './evidence/ask-evidence.ts';
import styles from './evidence/evidence.module.css';
import { GroundStrip } from './evidence/ground.tsx';
import { Readings } from './evidence/readings.tsx';
import type { View } from './evidence/view.ts';
import { VIEWS } from './evidence/views.ts';

/** Question: is any of it true, and how sure is that? */
export function EvidencePage() {
  const { question } = useParams({ from: '/inside/evidence/$question' });
  const { asOf } = useSearch({ from: '/inside/evidence/$question' });
  const navigate = useNavigate();
  const view = VIEWS.find((one) => one.question === question) ?? VIEWS[0];
  const { data } = useQuery(evidenceQuery('ground', asOf));
  const told = data?.kind === 'answered' ? data.body.asOf : null;
  if (view === undefined) return null;
  return (
    <>
      <PageHead title="Evidence" asOf={told}>
        What predicts who stays, tested on your own accounts
      </PageHead>
      <GroundStrip asOf={asOf} />
      <div className={styles['page']}>
        <nav className={styles['questions']} aria-label="Questions">
          {VIEWS.map(({ question: name, title }) => (
            <Link
              key={name}
              to="/evidence/$question"
              params={{ question: name }}
              search={asOf === undefined ? {} : { asOf }}
              className={styles['question']}
              aria-current={name === view.question ? 'page' : undefined}
            >
              {title}
            </Link>
          ))}
        </nav>
        <Select
          className={styles['choose']}
          aria-label="Question"
          allowDeselect={false}
          data={VIEWS.map(({ question: value, title: label }) => ({ value, label }))}
          value={view.question}
          onChange={(name) => {
            if (name !== null)
              void navigate({
                to: '/evidence/$question',
                params: { question: name },
                search: asOf === undefined ? {} : { asOf },
              });
          }}
        />
        <Answer key={view.question} view={view} asOf={asOf} />
      </div>
    </>
  );
}

function Answer({ view, asOf }: { readonly view: View; readonly asOf: string | undefined }) {
  const { data, error } = useQuery(evidenceQuery(view.question, asOf));
  if (error !== null) throw error;
  const head = (
    <div className={styles['asks']}>
      <h2>{view.asks}</h2>
      {data?.kind === 'answered' && view.action?.(data.body.answer, data.body.modelVersion)}
    </div>
  );
  if (data?.kind !== 'answered') {
    return (
      <section className={styles['body']} aria-busy>
        {head}
        <p className="muted" role="status">
          <Loader size={14} mr="xs" /> It is being computed from all that is known: seconds for a small company, a
          minute or more for a large one. You can go on; it is kept for everybody.
        </p>
        <Skeleton height={300} radius="md" />
        <Skeleton height={240} radius="md" />
      </section>
    );
  }
  const { body } = data;
  return (
    <section className={styles['body']}>
      {head}
      {view.picture?.(body.answer)}
      <Readings readings={view.readings(body.answer)} figure={view.figure} />
      <p className="small muted">
        {body.computedAt === null ? '' : `Computed ${instantText(body.computedAt)} UTC. `}
        {body.isStale ? 'It is more than a day old and is being computed anew. ' : ''}
        The same with every number: <code>bellwether evidence {view.question} --json</code>
      </p>
    </section>
  );
}
