import type { EmbeddingFile } from '../domain/health/embedding/embedding-stability.ts';
import type { SampledEmbeddings } from '../domain/health/embedding/id-sample.ts';

/** Embeddings in the artefact bucket. */
export interface EmbeddingReader {
  /** In bounded memory. Throws `ArtifactUnusable`. */
  read(uri: string, idColumn: string): Promise<SampledEmbeddings & { readonly file: EmbeddingFile }>;
}
