import { openTable } from '../shared/adapters/tables/open-table.ts';
import type { Table } from '../shared/ports/table.ts';
import { fileSource } from './file-source.ts';
import type { Progress } from './progress.ts';

/** The table in a local file. Throws `ArtifactUnusable`. */
export async function openFile(path: string, progress: Progress): Promise<Table> {
  const table = await openTable(progress.watch(await fileSource(path)));
  return {
    columns: table.columns,
    rows: table.rows,
    batches(names) {
      const batches = table.batches(names);
      return (async function* () {
        for await (const batch of batches) {
          progress.values(batch.rows * names.length);
          yield batch;
        }
      })();
    },
  };
}
