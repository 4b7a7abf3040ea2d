import { DAY, isWithin } from './calendar.ts';
import { type Frame, PLANTED } from './planted.ts';

/** How an account's use goes over time: steady, falling before it leaves, or falling and coming back. */
export type Usage =
  | { readonly kind: 'steady' }
  | { readonly kind: 'decline'; readonly from: number }
  | { readonly kind: 'recovery'; readonly from: number };

/** Share of its usual use that the account has at an instant, holidays aside. */
export function usageAt(usage: Usage, at: number): number {
  if (usage.kind === 'steady' || at <= usage.from) return 1;
  const { overDays, floor } = PLANTED.decline;
  const { atFloorDays, backOverDays } = PLANTED.recovery;
  const days = (at - usage.from) / DAY;
  const fallen = 1 - (1 - floor) * Math.min(1, days / overDays);
  if (usage.kind === 'decline') return fallen;
  const back = (days - overDays - atFloorDays) / backOverDays;
  return back <= 0 ? fallen : Math.min(1, floor + (1 - floor) * back);
}

/** Share of its usual use on each day from `first` on, holidays included. `first` is a midnight. */
export function usageByDay(frame: Frame, usage: Usage, first: number, days: number): Float64Array {
  return Float64Array.from({ length: days }, (_, day) => {
    const midnight = first + day * DAY;
    const isHoliday = frame.holidays.some((holiday) => isWithin(holiday, midnight));
    return usageAt(usage, midnight) * (isHoliday ? PLANTED.holiday.use : 1);
  });
}
