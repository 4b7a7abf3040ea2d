import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ValidationSeverity, validate } from 'dockerfile-utils';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { buildPagesWhereNeeded } from '../../scripts/web.mjs';
import { readConfiguration } from '../../src/cli/configuration.ts';
import { isSecret, SETTING_NAMES, SETTINGS, type SettingName } from '../../src/cli/settings.ts';
import { APP_RIGHTS } from '../../src/warehouse/engine-configuration.ts';
import { scratchFolder } from '../scratch.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const dockerfile = text('Dockerfile');

const serviceSchema = z.looseObject({
  image: z.string().regex(/^[\w./-]+:[\w.-]*\d[\w.-]*$/, 'an image with its version'),
  environment: z.record(z.string(), z.string()),
  secrets: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  healthcheck: z
    .object({ test: z.array(z.string()) })
    .loose()
    .optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.literal('service_healthy') })).default({}),
  restart: z.literal('unless-stopped'),
  stop_grace_period: z.string(),
});
const composeSchema = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
  volumes: z.record(z.string(), z.object({})),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});
const compose = composeSchema.parse(parse(text('compose.yaml')));

describe('the Dockerfile', () => {
  test('is linted without a fault', () => {
    const faults = validate(dockerfile, {
      deprecatedMaintainer: ValidationSeverity.ERROR,
      instructionCasing: ValidationSeverity.ERROR,
      instructionWorkdirRelative: ValidationSeverity.ERROR,
    });
    expect(faults.map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
    expect(validate('FROM a\nWORDIR /x\n')).not.toEqual([]);
  });

  test('pins its base, leaves root, looks at itself, and lets signals through', () => {
    const stages = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(stages).toHaveLength(3);
    for (const image of stages) expect(image).toMatch(/^node:\d+\.\d+\.\d+-\w+-slim$/);
    const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
    expect(last).toMatch(/^USER bellwether$/m);
    expect(last.indexOf('\nUSER ')).toBeLessThan(last.indexOf('\nENTRYPOINT '));
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last).toMatch(/^ENTRYPOINT \["\/usr\/bin\/tini", "--", "node", "scripts\/bellwether\.mjs"\]$/m);
    const node = z.object({ engines: z.object({ node: z.string() }) }).parse(JSON.parse(text('package.json')))
      .engines.node;
    expect(node).toBe('>=20.19');
  });

  test('takes into the image what it needs and no more, and all of that is there', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, words = '']) =>
      words.split(' ').slice(0, -1),
    );
    const allowed = text('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(text('.dockerignore').split('\n')[0]).toBe('*');
    const isAllowed = (path: string): boolean => allowed.some((each) => path === each || path.startsWith(`${each}/`));
    expect(copied.filter((path) => !isAllowed(path))).toEqual([]);
    expect(allowed.filter((path) => !copied.includes(path))).toEqual([]);
    for (const path of copied) expect(existsSync(join(ROOT, path)), path).toBe(true);
  });

  test('what is copied is enough to serve, with its pages and nothing to build them with', async () => {
    const folder = scratchFolder();
    await buildPagesWhereNeeded(ROOT);
    const scripts = ['scripts/bellwether.mjs', 'scripts/web.mjs'];
    for (const path of ['package.json', 'tsconfig.json', 'schema', 'src', ...scripts, 'dist/web']) {
      cpSync(join(ROOT, path), join(folder, path), { recursive: true, dereference: false });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const run = (...words: readonly string[]) => ['scripts/bellwether.mjs', ...words, '--workspace', join(folder, 'w')];
    const init = spawnSync(process.execPath, ['scripts/bellwether.mjs', 'init', join(folder, 'w')], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([init.status, init.stderr]).toEqual([0, '']);
    expect(readdirSync(join(folder, 'w'))).toContain('bellwether.yaml');
    const child = spawn(process.execPath, run('serve', '--port', '0', '--json'), {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    for await (const line of createInterface({ input: child.stdout })) {
      const said = z.object({ event: z.string(), address: z.string().optional() }).parse(JSON.parse(line));
      if (said.event !== 'started') continue;
      const page = await fetch(`${said.address}/sign-in`, { headers: { accept: 'text/html' } });
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(await page.text()).toContain('/assets/');
      child.kill('SIGTERM');
      break;
    }
    await ended;
  });
});

describe('the compose file', () => {
  test('its variables are settings, secrets come as files, and their values are read', () => {
    const { environment, secrets } = compose.services['bellwether'] ?? { environment: {}, secrets: [] };
    const known = new Set<string>([...SETTING_NAMES, ...SETTING_NAMES.filter(isSecret).map((name) => `${name}_FILE`)]);
    expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([]);
    for (const name of Object.keys(environment)) {
      expect(name in SETTINGS && isSecret(name as SettingName), `${name} is a secret`).toBe(false);
    }
    const files = Object.entries(environment).filter(([name]) => name.endsWith('_FILE'));
    expect(files.map(([, path]) => path.replace('/run/secrets/', '')).sort()).toEqual([...secrets].sort());
    const folder = scratchFolder();
    made(folder);
    const given = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        value
          .replace('/run/secrets', join(folder, 'secrets'))
          .replace('/workspace', folder)
          .replace(/\$\{\w+:-(.*)\}/, '$1'),
      ]),
    );
    const { engines, settings } = readConfiguration(given, folder);
    expect(engines.warehouseUrl).toMatch(/^http:\/\/bellwether:[0-9a-f]{48}@clickhouse:8123\/bellwether$/);
    expect(engines.ledgerUrl).toMatch(/^postgres:\/\/bellwether:[0-9a-f]{48}@postgres:5432\/bellwether$/);
    expect(settings.BELLWETHER_GRACE_SECONDS).toBeLessThan(70);
  });

  test('engines have no port outside, wait for nobody, and are waited for', () => {
    const { bellwether, ...engines } = compose.services;
    for (const [name, service] of Object.entries(engines)) {
      expect(service.ports, name).toEqual([]);
      expect(service.networks, name).toEqual(['engines']);
      expect(service.healthcheck?.test[0], name).toBe('CMD');
      expect(Object.keys(bellwether?.depends_on ?? {})).toContain(name);
    }
    expect(compose.networks['engines']?.internal).toBe(true);
    expect(bellwether?.ports).toEqual(['127.0.0.1:8321:8321']);
    expect(bellwether).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  test('every volume, secret and file that is named is there', () => {
    for (const [name, { volumes, secrets, networks }] of Object.entries(compose.services)) {
      for (const secret of secrets) expect(Object.keys(compose.secrets), name).toContain(secret);
      for (const network of networks) expect(Object.keys(compose.networks), name).toContain(network);
      for (const volume of volumes.map((line) => line.split(':')[0] ?? '')) {
        if (volume.startsWith('./')) expect(existsSync(join(ROOT, volume)), volume).toBe(true);
        else expect(Object.keys(compose.volumes), name).toContain(volume);
      }
    }
    for (const { file } of Object.values(compose.secrets))
      expect(text('deploy/make-secrets.sh')).toContain(file.split('/').at(-1));
  });

  const has = spawnSync('docker', ['compose', 'version']).status === 0;
  const why = has ? '' : ' (not run: this machine has no `docker compose`; the tests above read the file themselves)';
  test.skipIf(!has)(`docker compose takes it${why}`, () => {
    const ran = spawnSync('docker', ['compose', '--file', join(ROOT, 'compose.yaml'), 'config', '--quiet'], {
      encoding: 'utf8',
    });
    expect([ran.status, ran.stderr]).toEqual([0, '']);
  });
});

/** Runs the script of secrets beside a folder of its own. */
function made(folder: string): void {
  cpSync(join(ROOT, 'deploy/make-secrets.sh'), join(folder, 'make-secrets.sh'));
  const ran = spawnSync('sh', [join(folder, 'make-secrets.sh')], { encoding: 'utf8' });
  expect([ran.status, ran.stderr]).toEqual([0, '']);
}

describe('rights', () => {
  test('secrets are made once, are long, and nobody else of the machine reads them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bellwether-secrets-'));
    made(folder);
    const read = () =>
      readdirSync(join(folder, 'secrets')).map((name) => readFileSync(join(folder, 'secrets', name), 'utf8'));
    const before = read();
    made(folder);
    expect(read()).toEqual(before);
    expect(new Set(before).size).toBe(5);
    expect(statSync(join(folder, 'secrets')).mode & 0o077).toBe(0);
    rmSync(folder, { recursive: true });
  });

  test("a server's user has the rights that the embedded engine's user has, under which every test runs", () => {
    const script = text('deploy/clickhouse/init.sh');
    expect(script).toContain(`GRANT ${APP_RIGHTS} ON bellwether.* TO bellwether;`);
    const grants = [...script.matchAll(/^GRANT (.+) TO bellwether;$/gm)].map(([, words]) => words);
    expect(grants).toEqual([`${APP_RIGHTS} ON bellwether.*`, 'TABLE ENGINE ON *', 'SELECT ON system.*']);
    expect(text('deploy/postgres/init.sh')).toContain('LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE');
  });

  test('scripts are shell', () => {
    for (const path of ['deploy/make-secrets.sh', 'deploy/clickhouse/init.sh', 'deploy/postgres/init.sh']) {
      const ran = spawnSync('sh', ['-n', join(ROOT, path)], { encoding: 'utf8' });
      expect([path, ran.status, ran.stderr]).toEqual([path, 0, '']);
    }
  });
});
