import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

/** Saves rows as files that the server writes; `hrefOf` says where each is. */
export function ExportMenu({
  label,
  hrefOf,
}: {
  readonly label: string;
  readonly hrefOf: (format: 'csv' | 'parquet') => string;
}) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconDownload size={14} aria-hidden />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={hrefOf('csv')} download>
          CSV, for a spreadsheet
        </Menu.Item>
        <Menu.Item component="a" href={hrefOf('parquet')} download>
          Parquet, for a warehouse
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
