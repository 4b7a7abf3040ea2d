import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ModelBody, PublicationsBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';
import { instantText } from '../../format.ts';
import { Words } from '../../parts/words.tsx';
import styles from './model.module.css';

type Publication = PublicationsBody['publications'][number];

/** What was published, by whom and why, with the changes in words; an earlier version can be published again. */
export function History({
  model,
  mayPublish,
  onBack,
}: {
  readonly model: ModelBody;
  readonly mayPublish: boolean;
  readonly onBack: (version: string) => void;
}) {
  const { data } = useQuery({
    queryKey: ['model', 'publications'],
    queryFn: ({ signal }) => ask<PublicationsBody>('/api/v1/model/publications', { signal }),
  });
  if (data === undefined) return <Skeleton height={240} radius="lg" />;
  const { publications } = data;
  if (publications.length === 0)
    return (
      <p className="muted">
        Nobody has published yet: what is in force is what the file of the workspace said when the service began.
      </p>
    );
  const first = publications.at(-1);
  return (
    <>
      {publications.map((each, index) => (
        <Entry
          key={each.publicationId}
          publication={each}
          isLatest={index === 0}
          isInForce={index === 0 && model.coming === null}
          onBack={mayPublish && index > 0 && each.version !== model.version ? () => onBack(each.version) : null}
        />
      ))}
      {first !== undefined && (
        <div className={styles['entry']}>
          <h3>Before that: what the file said</h3>
          <span className="small muted">Version {first.versionBefore.slice(0, 12)}</span>
          {mayPublish && first.versionBefore !== model.version && (
            <Button variant="default" size="compact-sm" onClick={() => onBack(first.versionBefore)}>
              Go back to it
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function Entry({
  publication: { version, note, author, publishedAt, changes },
  isLatest,
  isInForce,
  onBack,
}: {
  readonly publication: Publication;
  readonly isLatest: boolean;
  readonly isInForce: boolean;
  readonly onBack: (() => void) | null;
}) {
  return (
    <article className={styles['entry']} aria-label={note}>
      <h3>
        {note}
        {isLatest && <span className="small muted"> {isInForce ? '· in force' : '· being computed'}</span>}
      </h3>
      <span className="small muted">
        {author}, {instantText(publishedAt)} UTC, version {version.slice(0, 12)}
      </span>
      <ul className={styles['words']}>
        {changes.map(({ path, words }) => (
          <li key={path}>
            <Words>{words}</Words>
          </li>
        ))}
      </ul>
      {changes.length === 0 && <p className="muted">Only words that mean nothing to the rules.</p>}
      {onBack !== null && (
        <Button variant="default" size="compact-sm" onClick={onBack}>
          Go back to it
        </Button>
      )}
    </article>
  );
}
