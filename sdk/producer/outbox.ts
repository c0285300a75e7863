import type { Timer } from './timer.ts';

export type StreamRecord = { readonly partitionKey: string; readonly data: Uint8Array };

/** Puts records on the stream and resolves to those it refused; throwing says that none is known to have arrived. */
export type Send = (records: readonly StreamRecord[]) => Promise<readonly StreamRecord[]>;

export type OutboxOptions = { readonly send: Send; readonly timer: Timer; readonly random: () => number };

const recordsPerCall = 100;
const bytesPerCall = 4_000_000;
const firstDelayMillis = 100;
const longestDelayMillis = 10_000;

/**
 * Records until the stream has taken them. What is refused is put again, without end and with growing pauses (doubled,
 * at most ten seconds, with jitter): its memory is bounded by whoever fills it. A record may arrive twice.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #waiting: readonly StreamRecord[] = [];
  #isSending = false;
  #whenEmpty: (() => void)[] = [];
  bytes = 0;
  delivered = 0;
  retries = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  add(records: readonly StreamRecord[]): void {
    this.#waiting = [...this.#waiting, ...records];
    this.bytes += bytesOf(records);
    void this.#deliver();
  }

  /** Resolves when nothing waits. */
  async emptied(): Promise<void> {
    if (this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
  }

  async #deliver(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    let failures = 0;
    while (this.#waiting.length > 0) {
      const isRefused = await this.#deliverSome();
      failures = isRefused ? failures + 1 : 0;
      if (isRefused) await this.#pause(failures);
    }
    this.#isSending = false;
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }

  async #deliverSome(): Promise<boolean> {
    const chunk = firstChunk(this.#waiting);
    const refused = await this.#send(chunk);
    this.#waiting = [...refused, ...this.#waiting.slice(chunk.length)];
    this.bytes -= bytesOf(chunk) - bytesOf(refused);
    this.delivered += chunk.length - refused.length;
    this.retries += refused.length;
    return refused.length > 0;
  }

  async #send(chunk: readonly StreamRecord[]): Promise<readonly StreamRecord[]> {
    try {
      return await this.#options.send(chunk);
    } catch {
      return chunk;
    }
  }

  async #pause(failures: number): Promise<void> {
    const delay = Math.min(firstDelayMillis * 2 ** (failures - 1), longestDelayMillis);
    const jittered = delay * (0.5 + this.#options.random() / 2);
    await new Promise<void>((resolve) => void this.#options.timer(resolve, jittered));
  }
}

function firstChunk(records: readonly StreamRecord[]): readonly StreamRecord[] {
  let bytes = 0;
  const end = records.slice(0, recordsPerCall).findIndex((record) => {
    bytes += bytesOf([record]);
    return bytes > bytesPerCall;
  });
  return records.slice(0, end < 0 ? recordsPerCall : Math.max(end, 1));
}

function bytesOf(records: readonly StreamRecord[]): number {
  return records.reduce((sum, { partitionKey, data }) => sum + partitionKey.length + data.length, 0);
}
