import type { ByteSource } from '../shared/ports/table.ts';

/** Nobody wants to read how a short reading went. */
const quietMilliseconds = 1_000;

/** How far the reading of files is, for somebody who waits. */
export interface Progress {
  /** The same source, watched; a new stream of it starts from 0 again. */
  watch(source: ByteSource): ByteSource;
  /** Cells that were read. */
  values(count: number): void;
  /** How far something else is that takes long. */
  step(text: string): void;
}

/** Writes a line a second, from the second on: the file, the share of its bytes and values per second. */
export function lineProgress(write: (line: string) => void, milliseconds: () => number): Progress {
  const started = milliseconds();
  let last = started;
  let count = 0;
  let position = '';
  const onceASecond = (line: (elapsed: number) => string) => {
    const now = milliseconds();
    if (now - last < quietMilliseconds) return;
    last = now;
    write(`${line(now - started)}\n`);
  };
  const print = () =>
    onceASecond((elapsed) => {
      const perSecond = Math.round(count / (elapsed / 1_000));
      return `${position}, ${perSecond.toLocaleString('en')} values/s`;
    });
  return {
    watch: (source) =>
      watched(source, (share) => {
        position = `${source.name}: ${Math.floor(share * 100)} %`;
        print();
      }),
    values(read) {
      count += read;
      print();
    },
    step: (text) => onceASecond(() => text),
  };
}

function watched(source: ByteSource, report: (share: number) => void): ByteSource {
  let bytes = 0;
  const passed = (more: number) => {
    bytes += more;
    report(source.size === 0 ? 1 : Math.min(1, bytes / source.size));
  };
  return {
    name: source.name,
    size: source.size,
    async read(from, to) {
      const read = await source.read(from, to);
      passed(read.byteLength);
      return read;
    },
    async *stream() {
      bytes = 0;
      for await (const chunk of source.stream()) {
        passed(chunk.length);
        yield chunk;
      }
    },
  };
}
