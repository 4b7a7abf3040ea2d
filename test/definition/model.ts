import type { Model } from '../../src/definition/model.ts';
import { parseModel } from '../../src/definition/parse.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';

/** Reads a model's text against the shipped catalogue. */
export const read = (text: string) => parseModel(text, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });

/** Reads a model that must be free of errors. */
export function modelOf(text: string): Model {
  const { model, diagnostics } = read(text);
  if (model === null) throw new Error(diagnostics.map(told).join('\n'));
  return model;
}

/** A diagnostic in one line. */
export const told = ({ place, severity, code, message, suggestion }: Diagnostic) =>
  `${place.line ?? '-'}:${place.column ?? '-'} ${severity} ${code}: ${message}${suggestion === undefined ? '' : ` ${suggestion}`}`;

/** All that is wrong with a text, in one line each. */
export const faultsOf = (text: string) => read(text).diagnostics.map(told);
