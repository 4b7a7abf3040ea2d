import type { Panel } from '../evidence/panel.ts';
import { openPanel } from '../pipeline/evidence.ts';
import { openWorkspace, type Workspace } from '../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import type { Context } from './command.ts';

/** Opens the workspace of a command and every account at every calendar landmark, with progress; closed after the answer. */
export async function openPanelOf(
  context: Context,
  request: { readonly asOf: number | null; readonly everyDays: number },
): Promise<Workspace & { readonly panel: Panel }> {
  const { directory, engines, run, progress } = context;
  const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
  context.onClose(workspace.close);
  const onProgress = (done: number, all: number): void => progress.tell('signals', done, all);
  const panel = await openPanel(workspace, { ...request, now: context.now, onProgress });
  return { ...workspace, panel };
}
