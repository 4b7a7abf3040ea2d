import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/** For what hangs, and no test of speed: many times what the longest takes on a machine that does other things too. */
const PATIENCE = 1_200_000;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/shared-folder.ts',
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: PATIENCE,
    hookTimeout: PATIENCE,
    passWithNoTests: false,
  },
});
