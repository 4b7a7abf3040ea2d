import { Skeleton, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { ModelBody } from '../../../api/contract.ts';
import { ask, pathOf } from '../../ask.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { useMay } from '../../shell/session.ts';
import { baseOf, useModel } from './draft.ts';
import { History } from './history.tsx';
import { PublishDialog, type ToPublish } from './publish.tsx';

/** Apart, since the editor and what reads the text are most of what this page weighs. */
const Edit = lazy(() => import('./edit.tsx').then((page) => ({ default: page.Edit })));

/** Question: what decides the segment of an account, and who would move if it were otherwise? */
export function ModelPage() {
  const { data: model, error } = useModel();
  const { tab } = useSearch({ from: '/inside/model' });
  const navigate = useNavigate({ from: '/model' });
  const mayPublish = useMay('model.write');
  const [back, setBack] = useState<string | null>(null);
  if (error !== null) throw error;
  return (
    <>
      <PageHead title="Model" asOf={null}>
        {model === undefined ? '…' : `${model.name}, version ${model.version.slice(0, 12)}`}
      </PageHead>
      <Tabs
        value={tab ?? 'edit'}
        keepMounted={false}
        onChange={(value) => void navigate({ search: value === 'history' ? { tab: 'history' } : {} })}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="edit">Rules</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="edit">
          {model === undefined ? (
            <Skeleton height={560} radius="lg" />
          ) : (
            <Suspense fallback={<Skeleton height={560} radius="lg" />}>
              <Edit key={baseOf(model)} model={model} mayPublish={mayPublish} />
            </Suspense>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="history">
          {model === undefined ? (
            <Skeleton height={240} radius="lg" />
          ) : (
            <History model={model} mayPublish={mayPublish} onBack={setBack} />
          )}
        </Tabs.Panel>
      </Tabs>
      {model !== undefined && <RollBack version={back} model={model} onClose={() => setBack(null)} />}
    </>
  );
}

/** Publishes an earlier version again, once it was shown what that changes. */
function RollBack({
  version,
  model,
  onClose,
}: {
  readonly version: string | null;
  readonly model: ModelBody;
  readonly onClose: () => void;
}) {
  const { data } = useQuery({
    queryKey: ['model', 'diff', model.version, version],
    enabled: version !== null,
    queryFn: ({ signal }) =>
      ask<{ readonly changes: readonly { readonly words: string }[] }>(
        pathOf('/api/v1/model/diff', { from: model.version, to: version }),
        { signal },
      ),
  });
  const what: ToPublish | null = version === null || data === undefined ? null : { kind: 'version', version };
  return (
    <PublishDialog
      {...{ what, model, onClose }}
      changes={data?.changes.map(({ words }) => words) ?? []}
      moves={null}
      onDone={onClose}
    />
  );
}
