import type { History } from '../evidence/history.ts';
import type { Panel } from '../evidence/panel.ts';
import { MONTHLY, openHistory, openPanel, openPast } from '../pipeline/evidence.ts';
import { STANDARD } from '../pipeline/questions.ts';
import { openWorkspace, type Workspace } from '../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { AS_OF, choicesOf, horizonChoice, SEED } from './choice.ts';
import type { Context } from './command.ts';

/** Options that every command about groups takes. */
export const GROUP_CHOICES = {
  asOf: AS_OF,
  horizon: horizonChoice(STANDARD.groups.horizonDays),
  seed: SEED,
} as const;

/** The same for commands with no options of their own. */
export const GROUPS = choicesOf(GROUP_CHOICES);

/** Opens the workspace of a command; closed after the answer. */
export async function openWorkspaceOf({ directory, engines, run, onClose }: Context): Promise<Workspace> {
  const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
  onClose(workspace.close);
  return workspace;
}

/** Opens the workspace of a command with what happened to every account; closed after the answer. */
export async function openHistoryOf(
  context: Context,
  request: { readonly asOf: number | null; readonly ageDays: readonly number[] },
): Promise<Workspace & { readonly history: History }> {
  const workspace = await openWorkspaceOf(context);
  return { ...workspace, history: await openHistory(workspace, request) };
}

/** Opens the workspace of a command and every account at every calendar landmark, with progress; closed after the answer. */
export async function openPanelOf(
  context: Context,
  request: { readonly asOf: number | null; readonly everyDays: number },
): Promise<Workspace & { readonly panel: Panel }> {
  const workspace = await openWorkspaceOf(context);
  const panel = await openPanel(workspace, { ...request, now: context.now, onProgress: telling(context) });
  return { ...workspace, panel };
}

/** Opens the workspace of a command with its past: accounts, and monthly landmarks, with progress; closed after the answer. */
export async function openPastOf(
  context: Context,
  { asOf, ageDays = [] }: { readonly asOf: number | null; readonly ageDays?: readonly number[] },
): Promise<Workspace & { readonly history: History; readonly panel: Panel }> {
  const workspace = await openWorkspaceOf(context);
  const request = { asOf, ageDays, now: context.now, everyDays: MONTHLY, onProgress: telling(context) };
  return { ...workspace, ...(await openPast(workspace, request)) };
}

/** Tells the person how many landmarks are done. */
export function telling({ progress }: Context): (done: number, all: number) => void {
  return (done, all) => progress.tell('signals', done, all);
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
