import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Starts `holder.ts` on a folder and resolves when its engine serves. */
export async function hold(
  what: 'warehouse' | 'ledger',
  directory: string,
): Promise<{ holder: ChildProcess; enginePid: number }> {
  const script = fileURLToPath(new URL('./holder.ts', import.meta.url));
  const holder = spawn(process.execPath, ['--import', 'tsx', script, what, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const enginePid = await new Promise<number>((resolve, reject) => {
    holder.stdout?.once('data', (data: Buffer) => resolve(Number(data.toString())));
    holder.once('exit', () => reject(new Error('the holder ended before its engine served')));
  });
  return { holder, enginePid };
}

/** Whether a process is gone within the time. */
export async function hasEnded(pid: number, withinMillis = 15_000): Promise<boolean> {
  for (let waited = 0; waited < withinMillis; waited += 50) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await sleep(50);
  }
  return false;
}
