import type { ArtifactStore } from '../../ports/artifact-store.ts';
import type { EmbeddingReader } from '../../ports/embedding-reader.ts';
import { openTable } from './open-table.ts';
import { readEmbeddings } from './read-embeddings.ts';

/** Five files may be held at once, so 64 MB each; aligning larger vectors takes longer than a function may run. */
const limits = { maximumValues: 2 ** 23, maximumDimensions: 1_024 };

/** Reads tables among the artefacts; of large ones a sample by id. */
export function createTableEmbeddingReader(artifacts: Pick<ArtifactStore, 'source' | 'digest'>): EmbeddingReader {
  return {
    async read(uri, idColumn) {
      const digest = await artifacts.digest(uri);
      const table = await openTable(await artifacts.source(uri));
      return { ...(await readEmbeddings(table, { file: uri, idColumn, ...limits })), file: { uri, digest } };
    },
  };
}
