// Default worlds of 1,000 accounts, one after another: `npm run worlds [-- FIRST LAST]`, seeds 1 to 20 unless said.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryWorld, type WorldSaid } from './planted-world.ts';

const [first = 1, last = 20] = process.argv.slice(2).map(Number);
const FOUND_SHARE = 0.8;
const MOST_STANDING = 0.1;
const all: WorldSaid[] = [];
for (let seed = first; seed <= last; seed += 1) {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-world-'));
  try {
    const said = await tryWorld(folder, { seed, accounts: 1000, months: 24 });
    all.push(said);
    const { verdict, hazardRatio, p, carriedBy } = said.primary;
    const naive = `naive survival decoy ${said.naive?.hazardRatio?.toFixed(2)}`;
    process.stdout.write(
      `world ${seed}: ${said.churned} churns, ${said.tried} tried; milestone ${verdict}, hazard ${hazardRatio?.toFixed(2)}, p ${p?.toPrecision(2)}, truth ${said.isTruthInside ? 'inside' : 'OUTSIDE'}${carriedBy === null ? '' : `, carried by ${carriedBy}`}; ${naive}; standing: ${said.standing.join(', ') || 'none'}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const found = all.filter(({ primary }) => primary.verdict === 'holds').length;
const inside = all.filter(({ isTruthInside }) => isTruthInside).length;
const fooled = all.filter(({ standing }) => standing.length > 0).length;
process.stdout.write(
  `\nOf ${all.length} worlds: milestone found in ${found}, truth inside its interval in ${inside}, a decoy left standing in ${fooled}.\n`,
);
process.exitCode = found >= FOUND_SHARE * all.length && fooled <= MOST_STANDING * all.length ? 0 : 1;
