import { z } from 'zod';
import type { History } from '../evidence/history.ts';
import type { Panel } from '../evidence/panel.ts';
import { openPast } from '../pipeline/evidence.ts';
import { openWorkspace, type Workspace } from '../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { countText, instantText } from './arguments.ts';
import type { Context, Part } from './command.ts';

/** Options that every command about groups takes; spread into its own. */
export const GROUP_OPTIONS = {
  asOf: instantText.optional(),
  horizon: countText.default(365),
  seed: countText.default(1),
} as const;

/** The same as a schema, for commands with no options of their own. */
export const GROUP_SCHEMA = z.object(GROUP_OPTIONS);

/** How help tells them. */
export const GROUP_PARTS: readonly Part[] = [
  { syntax: '--as-of <DAY>', meaning: 'look back from this day (default: the end of the data)' },
  { syntax: '--horizon <DAYS>', meaning: 'days after a landmark in which outcomes count (default: 365)' },
  { syntax: '--seed <NUMBER>', meaning: 'seed of what is drawn: the same seed gives the same numbers (default: 1)' },
];

/** Days between calendar landmarks. */
const EVERY_DAYS = 28;

/** Opens the workspace of a command with its past: accounts, and calendar landmarks, with progress; closed after the answer. */
export async function openPastOf(
  context: Context,
  request: { readonly asOf: number | null; readonly ageDays?: readonly number[] },
): Promise<Workspace & { readonly history: History; readonly panel: Panel }> {
  const { directory, engines, run, progress, now } = context;
  const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
  context.onClose(workspace.close);
  const onProgress = (done: number, all: number): void => progress.tell('signals', done, all);
  const { asOf, ageDays = [] } = request;
  return { ...workspace, ...(await openPast(workspace, { asOf, ageDays, now, everyDays: EVERY_DAYS, onProgress })) };
}

/** A share for a cell: `83%`; null stays null. */
export function percentCell(share: number | null | undefined): string | null {
  return share == null ? null : `${Math.round(100 * share)}%`;
}

/** An interval of shares for a cell: `79% to 87%`. */
export function percentSpan(interval: readonly [number, number] | null): string | null {
  return interval === null ? null : `${percentCell(interval[0])} to ${percentCell(interval[1])}`;
}

/** A ratio with its interval for a cell: `0.55 (0.32 to 0.96)`. */
export function ratioCell(ratio: number | null, interval: readonly [number, number] | null): string | null {
  if (ratio === null || interval === null) return null;
  return `${ratio.toFixed(2)} (${interval[0].toFixed(2)} to ${interval[1].toFixed(2)})`;
}
