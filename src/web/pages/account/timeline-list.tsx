import { Chip, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { dayText, wordText } from '../../format.ts';
import styles from './account.module.css';
import { timelineQuery } from './ask-account.ts';
import { Coming, Nothing, Section } from './section.tsx';

/** Question: what happened to it, in order? */
export function TimelineList({ id, before }: { readonly id: string; readonly before: string | null }) {
  const { data, error } = useQuery(timelineQuery(id, before));
  const [kinds, setKinds] = useState<string[]>([]);
  if (data === undefined) {
    return (
      <Section id="timeline" title="What happened">
        <Coming height={200} error={error} what="What happened" />
      </Section>
    );
  }
  const all = [...new Set(data.entries.map(({ kind }) => kind))].sort();
  const shown = data.entries.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  return (
    <Section id="timeline" title="What happened" beside="the latest first">
      {all.length > 1 && (
        <Chip.Group multiple value={kinds} onChange={setKinds}>
          <Group gap={6}>
            {all.map((kind) => (
              <Chip key={kind} value={kind} size="xs" variant="light">
                {kind === 'nps' ? 'NPS' : wordText(kind)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      )}
      {shown.length === 0 ? (
        <Nothing>
          Nothing has happened that a source tells of. Tickets, answers and contracts appear as they are imported.
        </Nothing>
      ) : (
        <ol className={styles['log']} tabIndex={0} aria-label="What happened, the latest first">
          {shown.map(({ at, kind, title, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two alike may happen at one instant
            <li key={`${at} ${index}`} data-kind={kind}>
              <time dateTime={at} className="muted small">
                {dayText(at)}
              </time>
              <span className="small muted">{kind === 'nps' ? 'NPS' : wordText(kind)}</span>
              <span>
                {wordText(title)}
                {text !== '' && <span className="muted"> · {wordText(text)}</span>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
