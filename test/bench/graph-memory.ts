import { readFileSync } from 'node:fs';
import { decodeSnapshot } from '../../shared/domain/graph/snapshot/snapshot-codec.ts';
import { createSnapshotView } from '../../shared/domain/graph/snapshot/snapshot-view.ts';
import { walkGraph } from '../../shared/domain/graph/walk-graph.ts';

// `node --expose-gc graph-memory.ts <snapshot> <root>`: a process of its own, in which nothing but a reader lives. Prints
// JSON: bytes before it loads the snapshot, once it has, and after a walk of everything downstream of the root.

export type Held = { readonly rss: number; readonly heapUsed: number; readonly arrayBuffers: number };
export type GraphMemory = {
  readonly milliseconds: number;
  readonly before: Held;
  readonly loaded: Held;
  readonly walked: Held;
  /** The highest resident size there was, in bytes. */
  readonly peak: number;
};

const [file = '', root = ''] = process.argv.slice(2);
if (globalThis.gc === undefined) throw new Error('received no gc, expected node --expose-gc');

async function held(): Promise<Held> {
  // What a first collection releases of array buffers is given back by a later one.
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { rss, heapUsed, arrayBuffers };
}

const before = await held();
const from = performance.now();
// The file's bytes are garbage as soon as they are decoded, as they are in a function.
const view = createSnapshotView(decodeSnapshot(readFileSync(file)));
const milliseconds = performance.now() - from;
const loaded = await held();
walkGraph(view, { root, direction: 'downstream', depth: Number.POSITIVE_INFINITY });
const walked = await held();
// Asked once more, so that the view is not garbage before it is measured.
if (view.nodeOf(root) === undefined) throw new Error(`received root ${root}, expected one that the snapshot holds`);
const peak = process.resourceUsage().maxRSS * 1_024;
const memory: GraphMemory = { milliseconds, before, loaded, walked, peak };
process.stdout.write(JSON.stringify(memory));
