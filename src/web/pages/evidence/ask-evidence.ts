import { queryOptions } from '@tanstack/react-query';
import type { ComingEvidenceBody, EvidenceBody } from '../../../api/contract.ts';
import { ask, pathOf } from '../../ask.ts';

/** An answer as it stands: computed, or on its way. */
export type Standing =
  | { readonly kind: 'answered'; readonly body: EvidenceBody }
  | { readonly kind: 'coming'; readonly askedAt: string };

const AGAIN_MILLIS = 2_000;

/** What the evidence says of a question, as of a day; asked again while it is being computed. */
export const evidenceQuery = (question: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ['evidence', question, asOf ?? ''],
    queryFn: async ({ signal }): Promise<Standing> => {
      const path = pathOf(`/api/v1/evidence/${question}`, { asOf });
      const body = await ask<EvidenceBody | ComingEvidenceBody>(path, { signal });
      return 'answer' in body ? { kind: 'answered', body } : { kind: 'coming', askedAt: body.askedAt };
    },
    refetchInterval: ({ state }) => (state.data?.kind === 'coming' ? AGAIN_MILLIS : false),
    staleTime: 60_000,
  });
