import type { Diagnostic } from '../model/diagnostic.ts';
import { Failure } from '../model/failure.ts';

/** A model that an error refuses: could not run, with every diagnostic at hand. */
export class ModelRefused extends Failure {
  readonly diagnostics: readonly Diagnostic[];

  /** `what` ends the words "The model ...": a path, or which it is. */
  constructor(what: string, diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
    super(
      'model-refused',
      `The model ${what} has ${errors === 1 ? 'an error' : `${errors} errors`}. Correct ${errors === 1 ? 'it' : 'them'} and try again; \`bellwether check\` shows everything.`,
    );
    this.diagnostics = diagnostics;
  }
}
