import { packColumns } from '../../shared/domain/ground-truth/pack-columns.ts';
import { partitionKeyOf, type WireEvent } from '../../shared/domain/ground-truth/wire-format.ts';
import type { StreamRecord } from './outbox.ts';

export type Signing = { readonly writer: string; readonly key: string; readonly keyId?: number };

export type BucketBufferOptions = Signing & {
  readonly modelId: string;
  readonly bucket: number;
  readonly targetBytes: number;
};

/** What columns shrink to by experience; each packing corrects it. */
const usualShrinkage = 0.4;

/** Header and names of columns. */
export const recordOverhead = 400;

/** Events of one bucket that are not packed yet. */
export class BucketBuffer {
  readonly #options: BucketBufferOptions;
  #events: WireEvent[] = [];
  #shrinkage = usualShrinkage;
  /** Estimated bytes of what it holds. */
  size = 0;
  /** Takes back the next packing; undefined when none is planned. */
  cancel: (() => void) | undefined;
  isUrgent = false;

  constructor(options: BucketBufferOptions) {
    this.#options = options;
  }

  /** The bytes by which it grew. */
  add(event: WireEvent, size: number): number {
    const grown = this.#events.length === 0 ? size + recordOverhead : size;
    this.#events.push(event);
    this.size += grown;
    return grown;
  }

  /** Whether it fills a record. */
  get isReady(): boolean {
    return this.size * this.#shrinkage >= 0.9 * this.#options.targetBytes;
  }

  /** Empties it. `unpackable` counts events that are no JSON. */
  pack(): { readonly records: readonly StreamRecord[]; readonly unpackable: number } {
    const events = this.#events;
    const size = this.size;
    this.#events = [];
    this.size = 0;
    this.cancel = undefined;
    this.isUrgent = false;
    const packed = packOrSplit(events, this.#options);
    const bytes = packed.data.reduce((sum, { length }) => sum + length, 0);
    if (size > 0) this.#shrinkage = bytes / size;
    const partitionKey = partitionKeyOf(this.#options.modelId, this.#options.bucket);
    return { records: packed.data.map((data) => ({ partitionKey, data })), unpackable: packed.unpackable };
  }
}

type Packed = { readonly data: readonly Uint8Array[]; readonly unpackable: number };

/** One event that is no JSON (a cycle, a bigint) must not cost the others. */
function packOrSplit(events: readonly WireEvent[], options: BucketBufferOptions): Packed {
  try {
    return { data: packColumns(events, options), unpackable: 0 };
  } catch {
    if (events.length <= 1) return { data: [], unpackable: events.length };
    const middle = Math.ceil(events.length / 2);
    const [left, right] = [events.slice(0, middle), events.slice(middle)].map((half) => packOrSplit(half, options));
    return { data: [...left!.data, ...right!.data], unpackable: left!.unpackable + right!.unpackable };
  }
}
