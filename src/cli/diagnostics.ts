import type { Diagnostic, Place } from '../model/diagnostic.ts';

/** Diagnostics for people: place, severity, code and message on one line, what to do on the next. */
export function writeDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map((each) => {
      const head = `${writePlace(each.place)} ${each.severity} ${each.code}: ${each.message}`;
      return each.suggestion === undefined ? head : `${head}\n    ${each.suggestion}`;
    })
    .join('\n');
}

/** `file:line:column field`, as far as it is known. */
function writePlace(place: Place): string {
  const line = place.line === undefined ? '' : `:${place.line}${place.column === undefined ? '' : `:${place.column}`}`;
  const field = place.field === undefined || place.line !== undefined ? '' : ` (${place.field})`;
  return `${place.file}${line}${field}`;
}
