import type { DraftSpreadBody } from '../../../../api/contract.ts';

type Diagnostic = DraftSpreadBody['diagnostics'][number];

/** What is wrong with one place of the file, in words; undefined: nothing. `isWhole`: with all that lies within it. */
export function faultOf(diagnostics: readonly Diagnostic[], path: string, isWhole = false): string | undefined {
  const told = diagnostics
    .filter(({ severity, place }) => severity === 'error' && isAt(place.field ?? '', path, isWhole))
    .map(({ message, suggestion }) => `${sentence(message)} ${suggestion ?? ''}`.replaceAll('`', '').trim());
  return told.length === 0 ? undefined : told.join(' ');
}

const isAt = (field: string, path: string, isWhole: boolean): boolean =>
  field === path || (isWhole && field.startsWith(`${path}.`));

function sentence(message: string): string {
  const begun = message.charAt(0).toUpperCase() + message.slice(1);
  return begun.endsWith('.') ? begun : `${begun}.`;
}
