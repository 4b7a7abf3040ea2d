import type { Activation, FeatureArea, Milestone, Taxonomy, Workflow } from '../model.ts';
import { listOf, type Named, named, type Reader } from '../reader.ts';
import type { RawModel } from '../schema.ts';

type RawTaxonomy = NonNullable<RawModel['taxonomy']>;
type RawActivation = NonNullable<RawModel['activation']>;
type Item<T> = T extends readonly (infer Each)[] ? Each : never;
type RawArea = Item<NonNullable<RawTaxonomy['features']>>;
type RawWorkflow = Item<NonNullable<RawTaxonomy['workflows']>>;
type RawMilestone = Item<NonNullable<RawActivation['milestones']>>;

/** Days within which a workflow is completed, unless it says otherwise (SIGNALS). */
const WORKFLOW_DAYS = 7;

/** The named parts of the product, and what counts as use of it. */
export function readTaxonomy(raw: RawTaxonomy | null | undefined, reader: Reader): Taxonomy {
  const features = named<RawArea | readonly string[]>(raw?.features, ['taxonomy', 'features'], reader);
  const workflows = named<RawWorkflow | readonly string[]>(raw?.workflows, ['taxonomy', 'workflows'], reader);
  return {
    features: features.map((item) => readArea(item, reader)),
    workflows: workflows.map((item) => readWorkflow(item, reader)),
    proxies: listOf(raw?.proxies),
    ignore: listOf(raw?.ignore),
  };
}

function readArea({ name, value, path }: Named<RawArea | readonly string[]>, reader: Reader): FeatureArea {
  const area: RawArea = isList(value) ? { events: [...value] } : value;
  return {
    name,
    events: listOf(area.events),
    where: area.where == null ? null : reader.condition([...path, 'where'], area.where),
    isCore: area.core ?? false,
    isAdvanced: area.advanced ?? false,
    isEntry: area.entry ?? false,
    isHelp: area.help ?? false,
    isIntegration: area.integration ?? false,
    place: reader.place(path),
  };
}

function isList<T>(value: T | readonly string[]): value is readonly string[] {
  return Array.isArray(value);
}

function readWorkflow({ name, value, path }: Named<RawWorkflow | readonly string[]>, reader: Reader): Workflow {
  const workflow: RawWorkflow = isList(value) ? { steps: [...value] } : value;
  return { name, steps: workflow.steps, withinDays: workflow.within_days ?? WORKFLOW_DAYS, place: reader.place(path) };
}

/** Sequences and milestones. One milestone alone is primary without saying so. */
export function readActivation(raw: RawActivation | null | undefined, reader: Reader): Activation {
  const milestones = named<RawMilestone>(raw?.milestones, ['activation', 'milestones'], reader);
  const isOnly = milestones.length === 1;
  return {
    accountSequence: raw?.account_sequence ?? [],
    userSequence: raw?.user_sequence ?? [],
    milestones: milestones.map((item) => readMilestone(item, isOnly, reader)),
  };
}

function readMilestone({ name, value, path }: Named<RawMilestone>, isOnly: boolean, reader: Reader): Milestone {
  if ((value.event == null) === (value.workflow == null)) {
    reader.report(path, 'wrong-shape', `milestone \`${name}\` needs either an \`event\` or a \`workflow\``);
  }
  if (value.allow_proxy === true && value.reason == null) {
    reader.report([...path, 'allow_proxy'], 'missing-key', '`allow_proxy` needs a `reason`');
  }
  return {
    name,
    event: value.event ?? null,
    workflow: value.workflow ?? null,
    count: value.count ?? 1,
    users: value.users ?? null,
    where: value.where == null ? null : reader.condition([...path, 'where'], value.where),
    withinDays: value.within_days ?? null,
    isPrimary: value.primary ?? isOnly,
    allowProxy:
      typeof value.allow_proxy === 'string'
        ? value.allow_proxy
        : value.allow_proxy === true
          ? (value.reason ?? '')
          : null,
    place: reader.place(path),
  };
}
