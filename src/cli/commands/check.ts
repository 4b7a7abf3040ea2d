import type { Finding } from '../../definition/check/check.ts';
import { checkData, checkModel, inOrder } from '../../definition/check/list.ts';
import { type DimensionState, dimensionStates } from '../../definition/check/population.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { countFacts, observe } from '../../pipeline/observe.ts';
import {
  holdsData,
  MODEL_FILE,
  type ModelReading,
  modelInForce,
  openFacts,
  readModel,
} from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { defaultAsOf, readCoverage } from '../../profile/coverage.ts';
import type { Command, Context, Paper } from '../command.ts';
import { writeDiagnostics } from '../diagnostics.ts';
import { openPeople } from '../people.ts';
import { writeCount, writeInstant, writeTable } from '../table.ts';

/** What the data showed, and as of when. */
interface DataFindings {
  readonly asOf: string;
  readonly findings: readonly Finding[];
  readonly dimensions: readonly DimensionState[];
}

/** `bellwether check`: what is wrong or missing in the model, and what the data shows of it. */
export const checkCommand: Command = {
  name: 'check',
  summary: 'tell what is wrong or missing in the model, and what the data shows of it',
  examples: [
    { syntax: 'bellwether check', meaning: 'every diagnostic with line and column, instrumentation gaps first' },
    { syntax: 'bellwether check --json', meaning: 'the same for a build that refuses a faulty model' },
  ],
  json: '{model, asOf, diagnostics: [{code, severity, message, place: {file, line, column, field}, suggestion, kind, requirement}], dimensions: [{dimension, known, isPopulated, source, ease, power, use, misses}]}',
  run: async (context) => {
    const reading = await readModel(context.directory, SIGNAL_CATALOGUE);
    const { model, diagnostics } = reading;
    const found = model === null ? null : await lookAtData(context);
    const own = model === null ? [] : checkModel({ model, catalogue: SIGNAL_CATALOGUE });
    const drafted = model === null ? [] : await lookAtPublished(context, reading);
    const all = [...diagnostics, ...inOrder([...(found?.findings ?? []), ...own]), ...drafted];
    return {
      status: all.some(({ severity }) => severity !== 'info') ? 1 : 0,
      json: {
        model: model?.version ?? null,
        asOf: found?.asOf ?? null,
        diagnostics: all,
        dimensions: found?.dimensions ?? null,
      },
      text: (paper) => writeCheck(paper, all, found),
    };
  },
};

/** Whether the file is a draft: somebody published, and it says something else. */
async function lookAtPublished(context: Context, reading: ModelReading): Promise<readonly Diagnostic[]> {
  if (!holdsData(context.directory, context.engines)) return [];
  const { publication, file } = await modelInForce(await openPeople(context), reading);
  if (publication === null || file === 'same') return [];
  const { author, publishedAt } = publication;
  return [
    {
      code: 'not-in-force',
      severity: 'info',
      message: `this file is not what is in force: ${author} published another text on ${publishedAt.slice(0, 10)}`,
      place: { file: MODEL_FILE },
      suggestion: '`bellwether plan` tells what this file would change, `bellwether apply` publishes it.',
    },
  ];
}

/** Null where nothing was imported yet: a model is worth checking before it has data. */
async function lookAtData(context: Context): Promise<DataFindings | null> {
  const { directory, engines, run, progress, now } = context;
  if (!holdsData(directory, engines)) return null;
  const workspace = await openFacts({ directory, configuration: engines, catalogue: SIGNAL_CATALOGUE });
  context.onClose(workspace.close);
  const facts = await countFacts(workspace);
  if (facts.every(({ rows }) => rows === 0)) return null;
  const { model } = workspace;
  const asOf = defaultAsOf(await readCoverage(workspace.warehouse, model)) ?? now.getTime();
  const observations = await observe(workspace, {
    asOf,
    run,
    onProgress: (done, all) => progress.tell('signals', done, all),
  });
  return {
    asOf: new Date(asOf).toISOString(),
    findings: checkData({ model, catalogue: SIGNAL_CATALOGUE }, observations),
    dimensions: dimensionStates(observations),
  };
}

function writeCheck(paper: Paper, all: readonly Diagnostic[], found: DataFindings | null): string {
  const count = (severity: Diagnostic['severity']) => all.filter((each) => each.severity === severity).length;
  const errors = writeCount(count('error'), 'error');
  const parts = [
    writeDiagnostics(all),
    found === null ? '' : writeDimensions(paper, found),
    all.length === 0
      ? 'Nothing to find.'
      : `${errors}, ${writeCount(count('warning'), 'warning')}, ${writeCount(count('info'), 'remark')}.`,
    found === null ? 'No data was looked at: nothing is imported yet.' : '',
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function writeDimensions(paper: Paper, { dimensions, asOf }: DataFindings): string {
  const rows = dimensions.map(({ dimension, known, ease, power, misses }) => [
    dimension,
    `${Math.round(100 * known)}%`,
    ease,
    power,
    misses,
  ]);
  const head = ['dimension', 'known', 'ease of collection', 'predictive power', 'what it misses'];
  return `What the data holds as of ${writeInstant(new Date(asOf))}, as a share of customers:\n${writeTable(paper, head, rows)}`;
}
