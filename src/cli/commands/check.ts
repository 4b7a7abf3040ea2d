import { checkModel } from '../../definition/check/list.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { readModel } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import type { Command } from '../command.ts';
import { writeDiagnostics } from '../diagnostics.ts';

/** `bellwether check`: what is wrong or missing in the model, and what the data shows of it. */
export const checkCommand: Command = {
  name: 'check',
  summary: 'tell what is wrong or missing in the model, and what the data shows of it',
  examples: [{ syntax: 'bellwether check', meaning: 'every diagnostic with line and column' }],
  json: '{model, diagnostics: [{code, severity, message, place: {file, line, column, field}, suggestion, kind, requirement}]}',
  run: async ({ directory }) => {
    const { model, diagnostics } = await readModel(directory, SIGNAL_CATALOGUE);
    const findings = model === null ? [] : checkModel({ model, catalogue: SIGNAL_CATALOGUE });
    const all: readonly Diagnostic[] = [...diagnostics, ...findings];
    return {
      status: all.some(({ severity }) => severity !== 'info') ? 1 : 0,
      json: { model: model?.version ?? null, diagnostics: all },
      text: () => (all.length === 0 ? 'Nothing to find.' : writeDiagnostics(all)),
    };
  },
};
