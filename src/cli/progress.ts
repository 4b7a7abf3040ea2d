import { Presets, SingleBar } from 'cli-progress';

const QUIET_MILLIS = 5_000;

/** Tells on stderr how far long work is: a bar on a terminal, a plain line now and then elsewhere. */
export interface Progress {
  /** `done` of `all`, of something called `label`. */
  readonly tell: (label: string, done: number, all: number) => void;
  /** Takes the bar away. */
  readonly end: () => void;
}

/** A stream that progress is written to. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly write: (text: string) => unknown;
}

/** Progress for a stream; `clock` tells milliseconds. */
export function progressOn(stream: ProgressStream & NodeJS.WritableStream, clock: () => number): Progress {
  return stream.isTTY === true ? barOn(stream) : linesOn(stream, clock);
}

function barOn(stream: NodeJS.WritableStream): Progress {
  let bar: SingleBar | null = null;
  let current = '';
  const end = (): void => {
    bar?.stop();
    bar = null;
  };
  return {
    end,
    tell: (label, done, all) => {
      if (bar === null || label !== current) {
        end();
        current = label;
        const format = `${label} {bar} {percentage}%`;
        bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: true }, Presets.shades_classic);
        bar.start(all, done);
      }
      bar.setTotal(all);
      bar.update(done);
    },
  };
}

function linesOn(stream: ProgressStream, clock: () => number): Progress {
  let toldAt = clock();
  return {
    end: () => undefined,
    tell: (label, done, all) => {
      if (clock() - toldAt < QUIET_MILLIS) return;
      toldAt = clock();
      stream.write(`${label} ${all === 0 ? 100 : Math.floor((100 * done) / all)}%\n`);
    },
  };
}
