import { Failure } from '../../model/failure.ts';
import { ModelRefused } from '../../pipeline/refused.ts';
import { signalEntries } from '../../pipeline/signals.ts';
import { readModel } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import type { Command } from '../command.ts';
import { writeTable } from '../table.ts';

/** `bellwether signals list`: what conditions may name. Outside a workspace: the shipped signals. */
export const signalsListCommand: Command = {
  name: 'signals list',
  summary: 'list every signal that conditions may name, shipped and your own',
  examples: [
    { syntax: 'bellwether signals list', meaning: 'names, units and meanings' },
    { syntax: 'bellwether signals list --json', meaning: 'with inputs and requirement of each' },
  ],
  json: '[{name, entity, unit, type, inputs, meaning, requirement}]',
  run: async ({ directory }) => {
    const reading = await readModel(directory, SIGNAL_CATALOGUE).catch((error: unknown) => {
      if (error instanceof Failure && error.code === 'no-model') return null;
      throw error;
    });
    if (reading !== null && reading.model === null) throw new ModelRefused(reading.path, reading.diagnostics);
    const entries = signalEntries(reading?.model ?? null, SIGNAL_CATALOGUE);
    return {
      status: 0,
      json: entries.map(({ name, entity, unit, type, inputs, meaning, requirement }) => ({
        name,
        entity,
        unit,
        type,
        inputs,
        meaning,
        requirement,
      })),
      text: (paper) =>
        writeTable(
          paper,
          ['signal', 'of', 'unit', 'meaning'],
          entries.map(({ name, entity, unit, meaning }) => [name, entity, unit, meaning]),
        ),
    };
  },
};
