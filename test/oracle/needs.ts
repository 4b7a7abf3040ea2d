import { eventsIn, seats } from './account-adoption.ts';
import { type Answer, type Answers, flag, known, MISSING, NONE, numberOf, textOf } from './answer.ts';
import { DAY, inWindow, millis } from './instants.ts';
import { byCodePoint, distinct, given } from './numbers.ts';
import type { NeedRow } from './rows.ts';
import { type AccountView, areasOf, type View } from './view.ts';
import { uncovered, withoutUsers } from './windows.ts';

const SOURCES = ['interview', 'onboarding', 'sales', 'tickets'];

/** Rank of a statement's source; one that the list does not name comes last. */
function rank(row: NeedRow): number {
  const found = SOURCES.indexOf(given(row.source) ?? '');
  return found === -1 ? SOURCES.length : found;
}

const later = (a: NeedRow, b: NeedRow): number => millis(b.time) - millis(a.time) || byCodePoint(a.job, b.job);

/** The statement that tells the job: by order of source, within a source the latest. */
export function statementOf(account: AccountView): NeedRow | null {
  return [...account.needs].sort((a, b) => rank(a) - rank(b) || later(a, b))[0] ?? null;
}

type Detail = 'maturity' | 'decision_process' | 'integration_need' | 'success_criteria';

function detail(account: AccountView, statement: NeedRow, column: Detail): Answer {
  const own = given(statement[column]);
  if (own !== null) return known(own);
  const other = [...account.needs].sort(later).find((row) => given(row[column]) !== null);
  const text = given(other?.[column]);
  return text === null ? MISSING : known(text);
}

function jobRealised(view: View, account: AccountView, job: Answer): Answer {
  const name = textOf(job);
  if (name === null) return job;
  const areas = view.world.model.jobs.find((candidate) => candidate.name === name)?.features ?? [];
  if (areas.length === 0) return MISSING;
  const gap = withoutUsers(view, 30);
  if (gap !== null) return gap;
  const needed = numberOf(seats(view, account)) === 1 ? 1 : 2;
  const recent = eventsIn(view, account.activity, 30);
  return flag(
    areas.some((area) => {
      const uses = recent.filter((event) => areasOf(view.world, event).some((other) => other.name === area));
      return distinct(uses.map((event) => event.user)).length >= needed;
    }),
  );
}

function secondJobReleased(view: View, second: Answer): Answer {
  const name = textOf(second);
  if (name === null) return second;
  const gap = uncovered(view, 'releases', 90);
  if (gap !== null) return gap;
  return flag(
    view.releases.some((release) => release.jobs.includes(name) && inWindow(millis(release.time), view.at, 90)),
  );
}

function salesCycleDays(view: View, account: AccountView): Answer {
  if (!view.isConnected('opportunities')) return MISSING;
  const cycles = distinct(account.opportunities.map((row) => row.opportunity_id)).flatMap((id) => {
    const rows = account.opportunities.filter((row) => row.opportunity_id === id);
    const created = rows.map((row) => millis(row.created)).filter((time) => time !== null);
    const won = rows.map((row) => millis(row.won)).filter((time) => time !== null && time < view.at);
    if (created.length === 0 || won.length === 0) return [];
    return [{ id, created: Math.min(...created), won: Math.min(...won.filter((time) => time !== null)) }];
  });
  const first = cycles.sort((a, b) => a.created - b.created || byCodePoint(a.id, b.id))[0];
  return first === undefined ? NONE : known((first.won - first.created) / DAY);
}

function pulse(view: View, account: AccountView): Answer {
  if (!view.isConnected('notes')) return MISSING;
  const judgements = account.notes
    .filter((note) => note.kind === 'pulse' && ['green', 'yellow', 'red'].includes(note.text))
    .sort((a, b) => millis(b.time) - millis(a.time) || byCodePoint(a.text, b.text));
  const latest = judgements[0];
  return latest === undefined ? NONE : known(latest.text);
}

/** The account signals over needs, releases, opportunities and notes. */
export function needsSignals(view: View, account: AccountView): Answers {
  const statement = statementOf(account);
  const absent = view.isConnected('needs') ? NONE : MISSING;
  const job = statement === null ? absent : known(statement.job);
  const secondText = given(statement?.second_job);
  const second = statement === null ? absent : secondText === null ? MISSING : known(secondText);
  const told = (column: Detail): Answer => (statement === null ? absent : detail(account, statement, column));
  return {
    job,
    second_job: second,
    maturity: told('maturity'),
    decision_process: told('decision_process'),
    integration_need: told('integration_need'),
    success_criteria: told('success_criteria'),
    job_realised: jobRealised(view, account, job),
    second_job_released: secondJobReleased(view, second),
    sales_cycle_days: salesCycleDays(view, account),
    pulse: pulse(view, account),
  };
}
