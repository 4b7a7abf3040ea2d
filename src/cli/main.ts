import { readEnvironment } from './configuration.ts';
import { runCommandLine } from './run.ts';

// A reader that has seen enough (`bellwether accounts | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.stdout.destroy();
});

process.exitCode = await runCommandLine({
  words: process.argv.slice(2),
  environment: readEnvironment(),
  folder: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  clock: () => new Date(),
  pid: process.pid,
  onInterrupt: (end) => {
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
    return () => {
      process.off('SIGINT', end);
      process.off('SIGTERM', end);
    };
  },
});
