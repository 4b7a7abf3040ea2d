import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { ModelBody, PreviewBody, VocabularyBody } from '../../../api/contract.ts';
import { ask } from '../../ask.ts';

const QUIET_MILLIS = 150;
const COMING_MILLIS = 1_000;
const HOUR_MILLIS = 3_600_000;
const KEY = 'bellwether.draft';

/** Upon what a draft is made: a version, and the words in which it was published. */
export const baseOf = ({ version, publication }: Pick<ModelBody, 'version' | 'publication'>): string =>
  `${version}-${publication?.publicationId ?? 0}`;

interface Kept {
  /** As `baseOf` has it. */
  readonly base: string;
  readonly text: string;
}

function kept(): Kept | null {
  const found = localStorage.getItem(KEY);
  return found === null ? null : (JSON.parse(found) as Kept);
}

/** A draft that was left in this browser; null: there is none upon what is in force. */
export function draftOn(model: Pick<ModelBody, 'version' | 'publication'>): string | null {
  const left = kept();
  return left?.base === baseOf(model) ? left.text : null;
}

/** A draft that was left in this browser upon what is in force no more; null: there is none, or it says what is in force. */
export function earlierDraft(model: Pick<ModelBody, 'version' | 'publication' | 'text'>): string | null {
  const left = kept();
  return left === null || left.base === baseOf(model) || left.text === model.text ? null : left.text;
}

/** The model in force, now. */
export const askModel = (signal?: AbortSignal): Promise<ModelBody> =>
  ask<ModelBody>('/api/v1/model', signal === undefined ? {} : { signal });

/** The model in force; asked again while something published is being computed. */
export function useModel() {
  return useQuery({
    queryKey: ['model', 'in force'],
    queryFn: ({ signal }) => askModel(signal),
    refetchInterval: ({ state }) => (state.data?.coming == null ? false : COMING_MILLIS),
  });
}

/** The text of the draft, kept in this browser as it is changed. */
export function useDraftText(model: ModelBody) {
  const [text, setText] = useState(() => draftOn(model) ?? model.text);
  const change = useCallback(
    (next: string) => {
      setText(next);
      if (next === model.text) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, JSON.stringify({ base: baseOf(model), text: next } satisfies Kept));
    },
    [model],
  );
  return { text, change };
}

/** What a text would change, a moment after it was last touched. */
export function useDraft(model: ModelBody) {
  const { text, change } = useDraftText(model);
  const [measured, setMeasured] = useState<string | null>(null);
  const [quiet] = useDebouncedValue(text, QUIET_MILLIS);
  const measure = measured === quiet;
  const preview = useQuery({
    queryKey: ['model', 'preview', model.version, quiet, measure],
    queryFn: ({ signal }) =>
      ask<PreviewBody>('/api/v1/model/preview', { method: 'POST', body: { text: quiet, measure }, signal }),
    placeholderData: keepPreviousData,
  });
  return { text, change, preview, isSettled: quiet === text, measure: () => setMeasured(quiet) };
}

/** Leaves a draft in this browser, upon what it was made of (`baseOf`); the editor opens with it. */
export function leaveDraft(base: string, text: string): void {
  localStorage.setItem(KEY, JSON.stringify({ base, text } satisfies Kept));
}

/** Forgets the draft that is left in this browser. */
export const forgetDraft = (): void => localStorage.removeItem(KEY);

/** Every name that a condition may read. */
export function useVocabulary(version: string) {
  return useQuery({
    queryKey: ['model', 'vocabulary', version],
    queryFn: ({ signal }) => ask<VocabularyBody>('/api/v1/model/vocabulary', { signal }),
    staleTime: HOUR_MILLIS,
  });
}
