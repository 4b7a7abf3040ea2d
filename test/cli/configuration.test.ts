import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfiguration, SETTINGS_FILE } from '../../src/cli/configuration.ts';
import { SETTING_NAMES, SETTINGS } from '../../src/cli/settings.ts';
import { scratchFolder } from '../scratch.ts';

function folderWith(text: string): string {
  const folder = scratchFolder();
  writeFileSync(join(folder, SETTINGS_FILE), text);
  return folder;
}

const faultsOf = (environment: Record<string, string>, folder: string): string => {
  try {
    readConfiguration(environment, folder);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

test('every setting may be in the file and in the environment, and its example is one', () => {
  for (const name of SETTING_NAMES) {
    const { schema, example } = SETTINGS[name];
    expect(schema.safeParse(example).success, name).toBe(true);
  }
  const folder = folderWith('memory: 2GB\nlog_level: debug\nevents_months: 36\norigin: https://b.acme.com/\n');
  const { settings, engines } = readConfiguration({ BELLWETHER_LOG_LEVEL: 'warn' }, folder);
  expect(settings).toEqual({
    BELLWETHER_MEMORY: 2_000_000_000,
    BELLWETHER_LOG_LEVEL: 'warn',
    BELLWETHER_EVENTS_MONTHS: 36,
    BELLWETHER_ORIGIN: 'https://b.acme.com',
  });
  expect(engines.memoryLimitBytes).toBe(2_000_000_000);
});

test('a secret may be in a file of its own, from the environment and from the file of settings', () => {
  const folder = folderWith('clickhouse_url_file: warehouse.txt\n');
  writeFileSync(join(folder, 'warehouse.txt'), 'http://app:s3cret@ch:8123/b\n');
  writeFileSync(join(folder, 'ledger.txt'), 'postgres://app:s3cret@pg/b\n');
  const { engines } = readConfiguration({ DATABASE_URL_FILE: 'ledger.txt' }, folder);
  expect(engines).toMatchObject({
    warehouseUrl: 'http://app:s3cret@ch:8123/b',
    ledgerUrl: 'postgres://app:s3cret@pg/b',
  });
});

describe('what is refused', () => {
  test('says its place and what was meant, all of it at once, and no value', () => {
    const folder = folderWith(
      'memory: 2GB\nlog_levle: debug\nmetrics: everybody\nclickhouse_url: ftp://u:s3cret@x\nworkspace: here\n',
    );
    const told = faultsOf(
      { BELLWETHER_EVENT_MONTHS: '3', BELLWETHER_GRACE_SECONDS: 'soon', BELLWETHER_DATA: '/data' },
      folder,
    );
    expect(told).toContain('bellwether.config.yaml:2:1 `log_levle` is no setting. Did you mean `log_level`?');
    expect(told).toContain('bellwether.config.yaml:3:1 metrics');
    expect(told).toContain(
      'bellwether.config.yaml:4:1 clickhouse_url must be a URL that begins with http: // or https://'.replace(
        ': //',
        '://',
      ),
    );
    expect(told).toContain('bellwether.config.yaml:5:1 `workspace` is no setting');
    expect(told).toContain('BELLWETHER_EVENT_MONTHS is no setting. Did you mean `BELLWETHER_EVENTS_MONTHS`?');
    expect(told).toContain('BELLWETHER_GRACE_SECONDS must be a whole number of seconds');
    expect(told).not.toMatch(/s3cret|BELLWETHER_DATA/);
  });

  test('settings that need each other', () => {
    const told = faultsOf(
      { BELLWETHER_OIDC_ISSUER: 'https://x', CLICKHOUSE_CLUSTER: 'c', BELLWETHER_SMTP_URL: 'smtp://x' },
      scratchFolder(),
    );
    expect(told).toContain(
      'BELLWETHER_OIDC_ISSUER needs BELLWETHER_OIDC_CLIENT_ID and BELLWETHER_OIDC_CLIENT_SECRET and BELLWETHER_ORIGIN',
    );
    expect(told).toContain('CLICKHOUSE_CLUSTER needs CLICKHOUSE_URL');
    expect(told).toContain('BELLWETHER_SMTP_URL needs BELLWETHER_MAIL_FROM');
  });

  test('a secret twice, one whose file is not there, and a file that is no YAML', () => {
    expect(faultsOf({ DATABASE_URL: 'postgres://x', DATABASE_URL_FILE: '/x' }, scratchFolder())).toContain('both set');
    expect(faultsOf({ DATABASE_URL_FILE: '/no/where' }, scratchFolder())).toContain('/no/where, which cannot be read');
    expect(faultsOf({}, folderWith('memory: 2GB\nmemory: 3GB\n'))).toContain('bellwether.config.yaml:2:1');
    expect(faultsOf({}, folderWith('- a\n'))).toContain('must be settings');
    expect(faultsOf({}, folderWith(''))).toBe('');
  });
});
