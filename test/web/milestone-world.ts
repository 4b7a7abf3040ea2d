import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importFacts } from '../../src/pipeline/import.ts';
import { openWorkspace, type Workspace } from '../../src/pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { randomStream } from '../../src/stats/random.ts';
import { scratchFolder } from '../scratch.ts';
import { BEGUN } from './world.ts';

const DAY = 86_400_000;
const ACCOUNTS = 500;
const WATCHED_DAYS = 900;
/** Chance of leaving within a day for those who invited somebody in their first days, and for those who did not. */
const LEAVING = { invited: 0.0002, alone: 0.002 };

const MODEL = `version: 1
name: Milestones
sources:
  - { table: accounts, path: accounts.csv, format: csv }
  - { table: contracts, path: contracts.csv, format: csv }
  - { table: events, path: events.csv, format: csv, covers_from: START, complete_through: END }
taxonomy:
  features: { reporting: { events: [report_exported], core: true }, people: { events: [teammate_invited] } }
activation:
  # The one that was guessed.
  milestones:
    first_export: { event: report_exported, within_days: 14, primary: true }
segments:
  - { name: Using, when: active_users_30d >= 1 }
  - { name: Silent, when: active_users_30d = 0 }
fallback: { Silent: otherwise }
`;

/**
 * A company of 500 accounts in which inviting somebody in the first ten days makes an account leave ten times less often, and
 * exporting a report, which the model guesses to be its milestone, changes nothing.
 */
export async function plantMilestone(): Promise<Workspace> {
  const directory = scratchFolder();
  const random = randomStream(7);
  const begin = BEGUN - WATCHED_DAYS * DAY;
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const files = {
    accounts: ['account_id,name,created'],
    contracts: ['account_id,contract_id,starts,arr,ends'],
    events: ['event_id,account_id,user_id,event,time'],
  };
  for (let index = 0; index < ACCOUNTS; index += 1) {
    const id = `acc-${index}`;
    const created = begin + random.next() * (WATCHED_DAYS - 60) * DAY;
    const done = (event: string, days: number): void => {
      files.events.push(
        `${event}-${index}-${days.toFixed(3)},${id},u-${index},${event},${new Date(created + days * DAY).toISOString()}`,
      );
    };
    const isInviting = random.next() < 0.5;
    const left = created + (-Math.log(1 - random.next()) / (isInviting ? LEAVING.invited : LEAVING.alone)) * DAY;
    const end = Math.min(left, BEGUN);
    for (let days = 20 * random.next(); created + days * DAY < end; days += 20) done('report_opened', days);
    if (isInviting) done('teammate_invited', 1 + 9 * random.next());
    if (random.next() < 0.5) done('report_exported', 1 + 9 * random.next());
    files.accounts.push(`${id},Account ${index},${new Date(created).toISOString()}`);
    files.contracts.push(`${id},con-${index},${day(created)},12000,${left < BEGUN ? day(left) : ''}`);
  }
  for (const [name, lines] of Object.entries(files)) writeFileSync(join(directory, `${name}.csv`), lines.join('\n'));
  const covered = { START: new Date(begin).toISOString(), END: new Date(BEGUN).toISOString() };
  writeFileSync(
    join(directory, 'bellwether.yaml'),
    MODEL.replace(/START|END/g, (word) => covered[word as 'START' | 'END']),
  );
  const configuration = { memoryLimitBytes: 2_000_000_000 };
  const workspace = await openWorkspace({ directory, configuration, run: 'web', catalogue: SIGNAL_CATALOGUE });
  await importFacts(workspace, { environment: () => undefined, now: new Date(BEGUN) }, 'web');
  return workspace;
}
