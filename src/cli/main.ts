import { userInfo } from 'node:os';
import { readEnvironment } from './configuration.ts';
import { runCommandLine } from './run.ts';

const AT_ONCE = 130;

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
  user: nameOfUser(),
  onInterrupt: (end) => {
    let isAsked = false;
    // Whoever asks twice does not want to wait.
    const ask = (): void => {
      if (isAsked) process.exit(AT_ONCE);
      isAsked = true;
      end();
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
    return () => {
      process.off('SIGINT', ask);
      process.off('SIGTERM', ask);
    };
  },
  exit: (status) => process.exit(status),
});

/** A system may run a process under a number that it has no name for. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? ''}`.trim();
  }
}
