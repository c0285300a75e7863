import { styleText } from 'node:util';

export type Progress = {
  /** `ratio` of the replay done, where its clock stands, and how many events have been sent so far. */
  show(ratio: number, instant: string, events: number): void;
  /** Prints a line to standard output without tearing the bar. */
  print(line: string): void;
  end(): void;
};

const width = 24;

/** A bar on standard error: at the foot of a terminal, else a line for every twentieth. */
export function createProgress(): Progress {
  const terminal = process.stderr.isTTY;
  const started = performance.now();
  let shown = '';
  let lastTwentieth = -1;
  const clear = () => {
    if (terminal && shown !== '') process.stderr.write('\r\u001b[2K');
  };
  return {
    show: (ratio, instant, events) => {
      const seconds = (performance.now() - started) / 1_000;
      shown = describe(ratio, instant, events, seconds);
      if (terminal) process.stderr.write(`\r\u001b[2K${shown}`);
      else if (Math.floor(ratio * 20) > lastTwentieth) process.stderr.write(`${shown}\n`);
      lastTwentieth = Math.floor(ratio * 20);
    },
    print: (line) => {
      clear();
      process.stdout.write(`${line}\n`);
      if (terminal && shown !== '') process.stderr.write(shown);
    },
    end: () => {
      clear();
      shown = '';
    },
  };
}

function describe(ratio: number, instant: string, events: number, seconds: number): string {
  const filled = Math.round(ratio * width);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
  const left = ratio > 0 ? Math.round((seconds / ratio) * (1 - ratio)) : undefined;
  const rate = Math.round(events / Math.max(seconds, 0.001)).toLocaleString('en-US');
  const percent = `${Math.floor(ratio * 100)} %`.padStart(5);
  return `${styleText('cyan', bar)}${percent}  ${instant.slice(0, 10)}  ${rate} events/s  ${left === undefined ? '' : `${left} s left`}`;
}
