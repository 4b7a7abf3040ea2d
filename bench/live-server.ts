import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { peakMegabytes } from './measure.ts';
import { bellwether, type Served, startServed } from './served.ts';

/** The company that is served. */
export interface Company {
  readonly accounts: number;
  readonly months: number;
  /** Mean users of an account. */
  readonly users: number;
  /** Events wanted, about; not given: what the people of the company do. */
  readonly events: number | undefined;
}

/** A running server, and keys to it. */
export interface Server extends Served {
  readonly admin: string;
  readonly write: string;
  readonly read: string;
  /** Its workspace, removed at the end. */
  readonly folder: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** What a request was answered. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Asks over a connection that is kept. */
export function ask(url: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** How large the company is that was simulated into a folder. */
export function companyIn(folder: string): Pick<Company, 'accounts' | 'users'> {
  const schema = z.object({ frame: z.object({ accounts: z.number(), users_per_account: z.number() }) });
  const { frame } = schema.parse(JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')));
  return { accounts: frame.accounts, users: frame.users_per_account };
}

/** Simulates and imports a company whose events go on to be tracked. */
function makeCompany(folder: string, { accounts, months, users, events }: Company): void {
  const size = ['--accounts', accounts, '--months', months, '--users', users].map(String);
  const wanted = events === undefined ? [] : ['--events', String(events)];
  bellwether(folder, 'simulate', folder, ...size, ...wanted, '--seed', '1');
  const model = join(folder, 'bellwether.yaml');
  const text = readFileSync(model, 'utf8');
  writeFileSync(model, text.replace(/(table: events.*complete_through: )[^ }]+/, '$1tracking'));
  bellwether(folder, 'import');
}

/** Serves a company, or a copy of a workspace; resolves once everybody has been computed. */
export async function startServer(company: Company, workspace: string | undefined): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-live-'));
  if (workspace === undefined) makeCompany(folder, company);
  // With owners and rights, which the ledger looks at.
  else if (spawnSync('cp', ['-a', `${workspace}/.`, folder]).status !== 0)
    throw new Error(`could not copy ${workspace}`);
  const served = await startServed(folder).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const { url, setup } = served;
  const json = { 'content-type': 'application/json' };
  const made = await ask(`${url}/api/v1/setup`, 'POST', json, JSON.stringify({ token: setup }));
  const { key } = JSON.parse(made.body) as { key: string };
  const keyOf = async (scope: string): Promise<string> => {
    const headers = { ...json, authorization: `Bearer ${key}` };
    const answer = await ask(`${url}/api/v1/keys`, 'POST', headers, JSON.stringify({ name: scope, scope }));
    return (JSON.parse(answer.body) as { key: string }).key;
  };
  const keys = { admin: key, write: await keyOf('write'), read: await keyOf('read') };
  return { ...served, ...keys, folder };
}

/** Stops the server and removes its workspace. */
export async function endServer({ close, folder }: Server): Promise<void> {
  agent.destroy();
  await close();
  rmSync(folder, { recursive: true, force: true });
}

/** Memory of a server, MB: its own process, the engines under it, and all together. */
export interface Memory {
  readonly all: number;
  readonly app: number;
  readonly warehouse: number;
  readonly ledger: number;
}

type Kind = 'app' | 'warehouse' | 'ledger' | 'other';

/** A process and those under it, each with what it is. */
function processesOf(pid: number): readonly { readonly pid: number; readonly kind: Kind }[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = Number(/PPid:\s+(\d+)/.exec(told(Number(name), 'status'))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: { pid: number; kind: Kind }[] = [];
  const open = [pid];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    const words = told(each, 'cmdline');
    const kind = words.includes('launcher.mjs') ? 'warehouse' : words.includes('postgres') ? 'ledger' : 'other';
    found.push({ pid: each, kind: each === pid ? 'app' : kind });
    open.push(...(children.get(each) ?? []));
  }
  return found;
}

/** A file of a process; empty where the process has ended. */
function told(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** What a server and its engines hold now. Pages that processes share count in each. */
export function memoryOf(pid: number): Memory {
  const sums = { app: 0, warehouse: 0, ledger: 0, other: 0 };
  for (const each of processesOf(pid)) {
    sums[each.kind] += Number(/VmRSS:\s+(\d+)/.exec(told(each.pid, 'status'))?.[1] ?? 0) / 1_000;
  }
  const { app, warehouse, ledger, other } = sums;
  return { all: app + warehouse + ledger + other, app, warehouse, ledger };
}

/** The most that the two large processes ever held, MB. */
export function peaksOf(pid: number): Pick<Memory, 'app' | 'warehouse'> {
  const engine = processesOf(pid).find(({ kind }) => kind === 'warehouse');
  return { app: peakMegabytes(pid), warehouse: engine === undefined ? Number.NaN : peakMegabytes(engine.pid) };
}
