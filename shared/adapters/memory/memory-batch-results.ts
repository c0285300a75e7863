import type { BatchQuery, BatchResults } from '../layered-metrics.ts';

type Row = BatchQuery & { readonly runId: string; readonly data: Uint8Array };

export type MemoryBatchResults = BatchResults & {
  putHour(row: Row & { readonly hour: string }): void;
  putDay(row: Row & { readonly day: string }): void;
  /** From here on the run's results stand for the day. */
  point(day: string, runId: string): void;
};

/** Twin for tests. */
export function createMemoryBatchResults(): MemoryBatchResults {
  const pointers = new Map<string, string>();
  const hours: (Row & { readonly hour: string })[] = [];
  const days: (Row & { readonly day: string })[] = [];
  const isOf = (query: BatchQuery) => (row: Row) => row.modelId === query.modelId && row.versions === query.versions;
  return {
    putHour: (row) => void hours.push(row),
    putDay: (row) => void days.push(row),
    point: (day, runId) => void pointers.set(day, runId),
    runs: async (first, last) => new Map([...pointers].filter(([day]) => day >= first && day <= last)),
    hours: async (query) =>
      hours
        .filter(isOf(query))
        .filter(({ runId, hour }) => runId === query.runId && hour.startsWith(query.day))
        .sort((a, b) => (a.hour < b.hour ? -1 : 1)),
    days: async (query) =>
      days
        .filter(isOf(query))
        .filter(({ day }) => day >= query.first && day <= query.last)
        .sort((a, b) => (a.day < b.day ? -1 : 1)),
  };
}
