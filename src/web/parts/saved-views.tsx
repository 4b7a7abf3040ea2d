import { ActionIcon, Button, Menu, Modal, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ViewsBody } from '../../api/contract.ts';
import { ask } from '../ask.ts';

const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: ({ signal }) => ask<ViewsBody>('/api/v1/views', { signal }),
});

type View = ViewsBody['views'][number];

/** The reader's own views of a page: open one, save what is shown now, remove one. */
export function SavedViews({
  page,
  search,
  onOpen,
}: {
  readonly page: string;
  /** What stands behind the `?` now, without it. */
  readonly search: string;
  readonly onOpen: (search: string) => void;
}) {
  const [isNaming, setIsNaming] = useState(false);
  const { data } = useQuery(viewsQuery);
  const views = data?.views.filter((view) => view.page === page) ?? [];
  const remove = useRemoving();
  const current = views.find((view) => view.search === search);
  return (
    <>
      <Menu position="bottom-end" width={260} withinPortal>
        <Menu.Target>
          <Button variant="default" size="xs" leftSection={<IconBookmark size={14} aria-hidden />}>
            {current?.name ?? 'Views'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.map((view) => (
            <div key={view.viewId} style={{ display: 'flex', alignItems: 'center' }}>
              <Menu.Item onClick={() => onOpen(view.search)} style={{ flex: 1 }}>
                {view.name}
              </Menu.Item>
              <ActionIcon
                variant="subtle"
                aria-label={`Remove the view ${view.name}`}
                onClick={() => remove.mutate(view)}
              >
                <IconTrash size={14} />
              </ActionIcon>
            </div>
          ))}
          {views.length > 0 && <Menu.Divider />}
          <Menu.Item onClick={() => setIsNaming(true)}>Save what is shown as a view</Menu.Item>
          {search !== '' && <Menu.Item onClick={() => onOpen('')}>Show everything</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      <Naming page={page} search={search} isOpen={isNaming} onClose={() => setIsNaming(false)} />
    </>
  );
}

function useRemoving() {
  const queries = useQueryClient();
  const settle = () => queries.invalidateQueries({ queryKey: viewsQuery.queryKey });
  const restore = async ({ page, name, search }: View) => {
    await ask('/api/v1/views', { method: 'POST', body: { page, name, search } });
    notifications.hide(undoId(name));
    await settle();
  };
  return useMutation({
    mutationFn: (view: View) => ask(`/api/v1/views/${view.viewId}`, { method: 'DELETE' }),
    onSuccess: (_, view) => {
      notifications.show({
        id: undoId(view.name),
        message: (
          <span>
            The view “{view.name}” is removed.{' '}
            <Button variant="subtle" size="compact-xs" onClick={() => void restore(view)}>
              Undo
            </Button>
          </span>
        ),
      });
      return settle();
    },
  });
}

const undoId = (name: string): string => `view ${name}`;

function Naming({
  page,
  search,
  isOpen,
  onClose,
}: {
  readonly page: string;
  readonly search: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const save = useMutation({
    mutationFn: () => ask('/api/v1/views', { method: 'POST', body: { page, name: name.trim(), search } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: viewsQuery.queryKey });
      onClose();
    },
  });
  return (
    <Modal opened={isOpen} onClose={onClose} title="Save this view">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
        style={{ display: 'grid', gap: 'var(--bw-space-3)' }}
      >
        <TextInput
          label="Name"
          description="Only you see it. A view of the same name is replaced."
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          maxLength={100}
          required
          data-autofocus
          error={save.error === null ? undefined : save.error.message}
        />
        <Button type="submit" loading={save.isPending} style={{ justifySelf: 'start' }}>
          Save view
        </Button>
      </form>
    </Modal>
  );
}
