// Default worlds of 1,000 accounts, one after another: `npm run worlds [-- --seeds 1..5]`, seeds 1 to 20 unless said.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { askCalendar, askMilestones, type CalendarSaid, type MilestoneSaid, type Said } from './planted-answer.ts';
import { inWorld } from './planted-world.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1..20' } } });
const [, from = '', to = from] = /^(\d+)(?:\.\.(\d+))?$/.exec(values.seeds) ?? [];
const [first, last] = [Number(from), Number(to)];
if (from === '' || first > last) {
  process.stderr.write(`--seeds ${values.seeds} is no range of seeds; write it as 1..5, or 3\n`);
  process.exit(2);
}
const FOUND_SHARE = 0.8;
const INSIDE_SHARE = 0.85;
const MOST_STANDING = 0.1;

type WorldSaid = MilestoneSaid & CalendarSaid;

const all: WorldSaid[] = [];
for (let seed = first; seed <= last; seed += 1) {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-world-'));
  try {
    const said = await inWorld(folder, { seed, accounts: 1000, months: 24 }, async (world) => ({
      ...askMilestones(world),
      ...(await askCalendar(world)),
    }));
    all.push(said);
    process.stdout.write(`${linesOf(seed, said).join('\n')}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const found = all.filter(({ milestone }) => milestone.verdict === 'holds').length;
const fooled = all.filter(({ standing }) => standing.length > 0).length;
const parts = ['milestone', 'threshold', 'leadTime', 'job'] as const;
const names = { milestone: 'milestone', threshold: 'threshold', leadTime: 'lead time', job: 'job' } as const;
const inside = parts.map((part) => all.filter((said) => said[part].isInside).length);
const holding = parts.map((part) => all.filter((said) => said[part].verdict === 'holds').length);
process.stdout.write(
  `\nOf ${all.length} worlds: milestone found in ${found} (at least ${FOUND_SHARE * all.length}), a decoy left standing in ${fooled} (at most ${MOST_STANDING * all.length}).\n` +
    parts
      .map((part, at) => `${names[part]}: truth in its interval in ${inside[at]}, holds in ${holding[at]}`)
      .join('\n') +
    `\n(threshold, lead time and job: at least ${INSIDE_SHARE * all.length} inside)\n`,
);
const isInside = inside.slice(1).every((count) => count >= INSIDE_SHARE * all.length);
process.exitCode = found >= FOUND_SHARE * all.length && fooled <= MOST_STANDING * all.length && isInside ? 0 : 1;

function linesOf(seed: number, said: WorldSaid): readonly string[] {
  const { milestone, standing, naive } = said;
  const carried = milestone.carriedBy === null ? '' : `, carried by ${milestone.carriedBy}`;
  return [
    `world ${seed}: ${said.churned} churns, ${said.tried} tried`,
    `  milestone, hazard ratio: ${written(milestone, 2)}, p ${milestone.p?.toPrecision(2)}${carried}`,
    `  decoys standing: ${standing.join(', ') || 'none'}; the survival decoy naively ${naive?.hazardRatio?.toFixed(2)}`,
    `  threshold, cut: ${written(said.threshold, 3)}`,
    `  lead time, days to half of the fall: ${written(said.leadTime, 0)}`,
    `  job, hazard ratio: ${written(said.job, 2)}`,
  ];
}

function written({ estimate, interval, truth, isInside, verdict }: Said, digits: number): string {
  const [number, low, high, planted] = [estimate, interval?.[0], interval?.[1], truth].map(
    (value) => value?.toFixed(digits) ?? '?',
  );
  return `${number} (${low} to ${high}), truth ${planted} ${isInside ? 'inside' : 'OUTSIDE'}, ${verdict}`;
}
