import { wordText } from '../../../format.ts';
import { byVerdict, type Finding, findingsOf } from '../finding.ts';
import type { View } from '../view.ts';

/** A question of which every row is a sentence. `nameOf` says what a row is about. */
function plainView<Row extends Finding>(
  about: Pick<View, 'question' | 'title' | 'asks'>,
  nameOf: (row: Row) => string,
): View {
  return {
    ...about,
    readings: (answer) =>
      byVerdict(findingsOf<Row>(answer)).map((row, index) => ({ key: `${index}`, name: nameOf(row), finding: row })),
  };
}

/** Does the order in which features are first used go with staying? */
export const sequencesView = plainView<Finding & { readonly order: readonly string[]; readonly ageDays: number }>(
  {
    question: 'sequences',
    title: 'Order of first use',
    asks: 'Does the order in which features are first used go with staying?',
  },
  ({ order, ageDays }) => `${order.map(wordText).join(', then ')} within ${ageDays} days`,
);

/** What is a feature area for? */
export const rolesView = plainView<
  Finding & { readonly kind: string; readonly area?: string; readonly signal?: string }
>(
  {
    question: 'roles',
    title: 'What features are for',
    asks: 'Is a feature area one for expansion, or one for use and staying, and what does stopping to use it go with?',
  },
  ({ kind, area, signal }) => `${wordText(area ?? signal ?? '')}${kind === 'role' ? '' : ', once stopped'}`,
);

/** When do accounts expand, and how are they won? */
export const expansionView = plainView<
  Finding & {
    readonly kind: string;
    readonly segment?: string;
    readonly trigger?: string | null;
    readonly group?: string | null;
  }
>(
  { question: 'expansion', title: 'Expansion and sales', asks: 'When do accounts expand, and how are they won?' },
  ({ kind, segment, trigger, group }) =>
    kind === 'sale' ? `Sales: ${group ?? 'all'}` : `${segment ?? ''}${trigger == null ? '' : `, ${wordText(trigger)}`}`,
);

/** What of the claims about all companies is so in this one? */
export const claimsView = plainView<Finding & { readonly says: string; readonly whose: string }>(
  {
    question: 'claims',
    title: 'Claims of the trade',
    asks: 'What of the claims about all companies is so in this one?',
  },
  ({ says, whose }) => `${says} (${whose})`,
);

/** Do the numbers in the model still describe today's customers? */
export const driftView = plainView<Finding & { readonly signal?: string; readonly segment?: string }>(
  { question: 'drift', title: 'Drift', asks: 'Do the numbers in the model still describe today’s customers?' },
  ({ signal, segment }) => signal ?? `Review of ${segment ?? ''}`,
);
