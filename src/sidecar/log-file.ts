import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const ROTATE_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;

/** A log file that a child process writes to, and the part of it that belongs to the present start. */
export class LogFile {
  readonly path: string;
  #startOffset = 0;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * A descriptor to hand to a new child; the caller closes its own copy after the spawn.
   * A file that has grown large is kept once under `.1` and begun anew.
   */
  openForChild(): number {
    mkdirSync(dirname(this.path), { recursive: true });
    if (existsSync(this.path) && statSync(this.path).size > ROTATE_BYTES) renameSync(this.path, `${this.path}.1`);
    const descriptor = openSync(this.path, 'a', 0o600);
    this.#startOffset = statSync(this.path).size;
    return descriptor;
  }

  /** What the present child has written so far, its last part if it is long. */
  tail(): string {
    if (!existsSync(this.path)) return '';
    const end = statSync(this.path).size;
    const start = Math.max(this.#startOffset, end - TAIL_BYTES);
    const buffer = Buffer.alloc(Math.max(0, end - start));
    const descriptor = openSync(this.path, 'r');
    try {
      const read = readSync(descriptor, buffer, 0, buffer.length, start);
      return buffer.subarray(0, read).toString('utf8');
    } finally {
      closeSync(descriptor);
    }
  }
}
