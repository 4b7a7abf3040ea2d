import { useComputedColorScheme } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { WorkspaceBody } from '../../api/contract.ts';
import { ask } from '../ask.ts';
import { type SegmentLook, segmentLooks } from '../parts/segment-colour.ts';

/** The model in short: every page names, colours and chooses by it. */
const workspaceQuery = queryOptions({
  queryKey: ['workspace'],
  queryFn: ({ signal }) => ask<WorkspaceBody>('/api/v1/workspace', { signal }),
  staleTime: 60_000,
});

/** The model in short; undefined until it is known. */
export function useWorkspace(): WorkspaceBody | undefined {
  return useQuery(workspaceQuery).data;
}

/** The currency of the workspace; empty until it is known. */
export function useCurrency(): string {
  return useWorkspace()?.currency ?? '';
}

/** How the segments look in the reader's theme; empty until they are known. */
export function useSegmentLooks(): ReadonlyMap<string, SegmentLook> {
  const scheme = useComputedColorScheme('light');
  const workspace = useWorkspace();
  return useMemo(() => segmentLooks(workspace?.segments ?? [], scheme), [workspace, scheme]);
}

/** How one segment looks; null: there is none of that name. */
export function useSegmentLook(segment: string | null): SegmentLook | null {
  const looks = useSegmentLooks();
  return segment === null ? null : (looks.get(segment) ?? null);
}
