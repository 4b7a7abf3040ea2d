import { text } from 'node:stream/consumers';
import { parseModel } from '../definition/parse.ts';
import { openLedger } from '../ledger/open.ts';
import { Failure } from '../model/failure.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { openWarehouse } from '../warehouse/open.ts';
import { QUESTIONS } from './asked.ts';
import { type EvidenceResult, type EvidenceTask, evidenceTaskSchema } from './evidence-task.ts';
import { resolveAsOf } from './run.ts';

async function answer(task: EvidenceTask): Promise<EvidenceResult> {
  const { question: name, run, modelText, warehouse: place, ledgerUrl } = task;
  const question = QUESTIONS.find((one) => one.name === name);
  const { model } = parseModel(modelText, { file: task.file, catalogue: SIGNAL_CATALOGUE });
  if (question === undefined || model === null) throw new Error(`there is nothing to ask about ${name}`);
  const directory = '';
  const warehouse = await openWarehouse({ directory, ...place });
  const ledger = await openLedger({ directory, url: ledgerUrl });
  try {
    const engines = { model, modelText, warehouse, ledger, run };
    const asOf = await resolveAsOf(engines, task.asOf);
    const said = await question.answer(engines, { asOf: task.asOf, now: new Date(task.now) });
    return { asOf, answer: JSON.stringify(said) };
  } finally {
    await Promise.all([warehouse.close(), ledger.close()]);
  }
}

const task = evidenceTaskSchema.parse(JSON.parse(await text(process.stdin)));
const result = await answer(task).catch((error: unknown) => {
  if (error instanceof Failure) return { failure: { code: error.code, message: error.message } };
  throw error;
});
process.stdout.write(JSON.stringify(result));
