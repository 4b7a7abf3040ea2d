import { type Answer, type Answers, flag, known, MISSING, NONE } from './answer.ts';
import { inWindow, millis, wholeDays } from './instants.ts';
import { distinct } from './numbers.ts';
import type { AccountView, View } from './view.ts';
import { withoutUsers } from './windows.ts';

/** An unbroken stretch `[start, end)` in which one person holds the sponsor role; `end` infinite while it lasts. */
export interface SponsorSpell {
  readonly user: string;
  readonly start: number;
  readonly end: number;
}

/** The spells of all sponsors of the account; rows of one person that overlap or touch are one spell. */
export function sponsorSpells(account: AccountView): SponsorSpell[] {
  const rows = account.people.filter((row) => row.row.is_sponsor === true && row.to > row.from);
  return distinct(rows.map((row) => row.user)).flatMap((user) => {
    const own = rows.filter((row) => row.user === user).sort((a, b) => a.from - b.from);
    const spells: { user: string; start: number; end: number }[] = [];
    for (const row of own) {
      const last = spells[spells.length - 1];
      if (last !== undefined && row.from <= last.end) last.end = Math.max(last.end, row.to);
      else spells.push({ user, start: row.from, end: row.to });
    }
    return spells;
  });
}

/** The instants before T at which the sponsor role was lost or passed to another person. */
export function sponsorChanges(spells: readonly SponsorSpell[]): number[] {
  const stops = spells.map((spell) => spell.end).filter((end) => Number.isFinite(end));
  const takings = spells
    .filter((spell) => {
      const earlier = spells.filter((other) => other.end <= spell.start);
      const isVacant = !spells.some((other) => other.start < spell.start && other.end > spell.start);
      if (earlier.length === 0 || !isVacant) return false;
      const lastEnd = Math.max(...earlier.map((other) => other.end));
      return !earlier.some((other) => other.end === lastEnd && other.user === spell.user);
    })
    .map((spell) => spell.start);
  return [...stops, ...takings];
}

/** `sponsor_active_30d`, `days_since_sponsor_change` and `sponsor_engaged`. */
export function sponsorSignals(view: View, account: AccountView): Answers {
  if (!view.isConnected('users')) {
    return { sponsor_active_30d: MISSING, days_since_sponsor_change: MISSING, sponsor_engaged: MISSING };
  }
  const spells = sponsorSpells(account);
  const present = spells.filter((spell) => spell.end === Number.POSITIVE_INFINITY);
  const changes = sponsorChanges(spells);
  return {
    sponsor_active_30d: sponsorActive(view, account, spells, present),
    days_since_sponsor_change: changes.length === 0 ? NONE : known(wholeDays(Math.max(...changes), view.at)),
    sponsor_engaged: sponsorEngaged(view, account, spells, present),
  };
}

function sponsorActive(
  view: View,
  account: AccountView,
  spells: readonly SponsorSpell[],
  present: readonly SponsorSpell[],
): Answer {
  const gap = withoutUsers(view, 30);
  if (gap !== null) return gap;
  if (present.length === 0) return spells.length === 0 ? MISSING : NONE;
  return flag(
    present.some((spell) =>
      account.activity.some((event) => event.user === spell.user && inWindow(event.time, view.at, 30)),
    ),
  );
}

function sponsorEngaged(
  view: View,
  account: AccountView,
  spells: readonly SponsorSpell[],
  present: readonly SponsorSpell[],
): Answer {
  if (!view.eventsCarryUsers || spells.length === 0) return MISSING;
  const meetings = account.touches.filter((touch) => touch.kind === 'meeting');
  return flag(
    present.some(
      (spell) =>
        account.activity.some((event) => event.user === spell.user && event.time >= spell.start) ||
        meetings.some((touch) => touch.user === spell.user && millis(touch.time) >= spell.start),
    ),
  );
}
