import type { ByteSource, Cell, Table } from '../../../shared/ports/table.ts';

/** Bytes in memory under a file's name, handed over in pieces of `chunkBytes`. */
export function memorySource(name: string, content: string | Uint8Array, chunkBytes = 7): ByteSource {
  const bytes = Buffer.from(content);
  return {
    name,
    size: bytes.length,
    read: async (from, to) => Uint8Array.from(bytes.subarray(from, to)).buffer,
    async *stream() {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    },
  };
}

/** All rows of some columns, as lists of cells. */
export async function cellsByColumn(table: Table, names: readonly string[] = table.columns) {
  const cells: Record<string, Cell[]> = Object.fromEntries(names.map((name) => [name, []]));
  for await (const batch of table.batches(names)) for (const name of names) cells[name]!.push(...batch.column(name));
  return cells;
}
