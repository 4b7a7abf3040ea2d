import { taxonomyUse } from '../../pipeline/taxonomy.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import type { Command } from '../command.ts';
import { writeTable } from '../table.ts';

/** `bellwether taxonomy`: what the model makes of the events of the last 30 days. */
export const taxonomyCommand: Command = {
  name: 'taxonomy',
  summary: 'count the events of the last 30 days by what the model makes of them, unplanned ones too',
  examples: [{ syntax: 'bellwether taxonomy', meaning: 'areas, proxies, ignored events, and what nothing names' }],
  json: '{days, areas: [{name, marks, events: [{event, events, users, accounts, last}]}], proxies, ignored, elsewhere, unplanned, plannedShare}',
  run: async (context) => {
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const use = await taxonomyUse(workspace, now.getTime());
    const places = [
      ...use.areas.map(({ name, events }) => [name, events] as const),
      ...([
        ['(proxy)', use.proxies],
        ['(ignored)', use.ignored],
        ['(elsewhere)', use.elsewhere],
        ['(unplanned)', use.unplanned],
      ] as const),
    ];
    return {
      status: 0,
      json: use,
      text: (paper) =>
        writeTable(
          paper,
          ['place', 'event', `events of ${use.days} days`, 'users', 'accounts'],
          places.flatMap(([place, events]) =>
            events.map((each) => [place, each.event, each.events, each.users, each.accounts]),
          ),
        ),
    };
  },
};
