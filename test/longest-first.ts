import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take long, the longest first. */
const LONGEST = [
  'test/examples/examples.test.ts',
  'test/api/faults.test.ts',
  'test/api/evidence.test.ts',
  'test/worlds/planted.test.ts',
  'test/pipeline/live.test.ts',
  'test/web/data.test.ts',
  'test/web/signals.test.ts',
  'test/api/document.test.ts',
  'test/web/journey-upload.test.ts',
  'test/web/model.test.ts',
  'test/web/evidence.test.ts',
  'test/web/account.test.ts',
  'test/web/finding.test.ts',
  'test/web/activation.test.ts',
  'test/web/accounts.test.ts',
  'test/web/settings.test.ts',
  'test/web/users.test.ts',
  'test/web/door.test.ts',
  'test/web/home.test.ts',
  'test/web/shell.test.ts',
  'test/profile/parity.test.ts',
  'test/pipeline/erasure.test.ts',
  'test/pipeline/run.test.ts',
  'test/cli/workspace.test.ts',
  'test/api/shutdown.test.ts',
  'test/warehouse/cluster.test.ts',
  'test/pipeline/erasure-kill.test.ts',
  'test/bench/bench.test.ts',
  'test/pipeline/default-world.test.ts',
];

/** Begins with the files that take longest, so that none of them is left to run alone at the end while a core idles. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const place = LONGEST.indexOf(relative(project.config.root, moduleId).replaceAll('\\', '/'));
      return place === -1 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
