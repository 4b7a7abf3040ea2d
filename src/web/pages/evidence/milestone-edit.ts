import { isMap, parseDocument } from 'yaml';
import { within } from '../data/text-part.ts';

/** What a model writes of a milestone: an event or a workflow, how often or by how many users, and by which age. */
export interface MilestoneDraft {
  readonly kind: 'event' | 'workflow' | 'milestone';
  /** Of the event, of the workflow, or of the milestone that the model has already. */
  readonly name: string;
  readonly measure: 'times' | 'users';
  readonly count: number;
  readonly windowDays: number;
}

/**
 * The text of a model with a finding as its primary milestone; those it had stay as hypotheses, and so do comments and order.
 * Null: the text is no YAML as it stands, or its milestones are written in another way or lack the one that is named.
 */
export function withPrimary(text: string, draft: MilestoneDraft): string | null {
  const document = parseDocument(text);
  if (document.errors.length > 0) return null;
  const path = ['activation', 'milestones'];
  const milestones = document.getIn(path, true);
  if (milestones !== undefined && !isMap(milestones)) return null;
  const found = (document.toJS() as Model).activation?.milestones ?? {};
  const names = Object.keys(found);
  if (draft.kind === 'milestone' && !names.includes(draft.name)) return null;
  for (const name of names)
    if (document.hasIn([...path, name, 'primary'])) document.deleteIn([...path, name, 'primary']);
  const known = draft.kind === 'milestone' ? draft.name : names.find((name) => isSame(found[name], draft));
  const own = known ?? nameFor(draft, names);
  if (known === undefined) {
    const { kind, name, measure, count } = draft;
    const made = document.createNode({ [kind]: name, ...(count === 1 ? {} : { [WORDS[measure]]: count }) });
    made.flow = true;
    document.setIn([...path, own], made);
  }
  document.setIn([...path, own, 'within_days'], draft.windowDays);
  document.setIn([...path, own, 'primary'], true);
  return within(text, document.toString({ lineWidth: 0 }), 'activation');
}

const WORDS = { times: 'count', users: 'users' } as const;

/** Whether a milestone of the model asks for the same, at whichever age. */
function isSame(written: Written | undefined, { kind, name, measure, count }: MilestoneDraft): boolean {
  const other = measure === 'users' ? 'times' : 'users';
  return (
    written?.[kind as 'event' | 'workflow'] === name &&
    (written[WORDS[measure]] ?? 1) === count &&
    (written[WORDS[other]] ?? 1) === 1 &&
    written.where === undefined
  );
}

interface Written {
  readonly event?: string;
  readonly workflow?: string;
  readonly count?: number;
  readonly users?: number;
  readonly where?: unknown;
}

interface Model {
  readonly activation?: { readonly milestones?: Readonly<Record<string, Written>> };
}

/** A name that the model does not have yet, made of what it is. */
function nameFor({ name, measure, count, windowDays }: MilestoneDraft, taken: readonly string[]): string {
  const often = count === 1 ? '' : measure === 'users' ? `_by_${count}` : `_x${count}`;
  const short = `${name}${often}`;
  return taken.includes(short) ? `${short}_in_${windowDays}_days` : short;
}
