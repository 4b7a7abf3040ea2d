import { exactMoneyText, moneyText } from '../format.ts';
import { useCurrency } from '../shell/workspace.ts';
import { Unknown } from './unknown.tsx';

/** Money in few digits, the exact figure on hover; without a value why there is none. */
export function Money({
  value,
  whyUnknown = 'No contract says how much.',
  currency,
}: {
  readonly value: number | null;
  readonly whyUnknown?: string;
  /** Another than the workspace's. */
  readonly currency?: string | null;
}) {
  const own = useCurrency();
  if (value === null) return <Unknown why={whyUnknown} />;
  const unit = currency ?? own;
  return (
    <span className="number" title={exactMoneyText(value, unit)}>
      {moneyText(value, unit)}
    </span>
  );
}
