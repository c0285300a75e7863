import { expect, it } from 'vitest';
import { defaultEmbeddingLimits } from '../../shared/domain/health/embedding/embedding-limits.ts';
import { embeddingReport } from '../../shared/domain/health/embedding/embedding-report.ts';
import type { EmbeddingStability } from '../../shared/domain/health/embedding/embedding-stability.ts';
import { judgeEmbeddings } from '../../shared/domain/health/embedding/judge-embeddings.ts';
import type { EmbeddingStabilityStore } from '../../shared/ports/embedding-stability-store.ts';
import { cloud, version as embeddings, permuted } from '../unit/health/embedding/made-up-versions.ts';

const reference = embeddings(cloud(60, 3));
const comparison = judgeEmbeddings({ reference, current: permuted(reference, 0.2) }, { seed: 2 });

function stability(modelId: string, version: number): EmbeddingStability {
  const file = (name: string) => ({ uri: `s3://artifacts/${modelId}/${name}.csv`, digest: `sha256:${'0'.repeat(64)}` });
  return {
    modelId,
    version,
    referenceVersion: version - 1,
    comparedAt: '2001-01-23T00:00:00.000Z',
    inputs: { reference: file('first'), current: file('second'), aligned: null, bootstrap: null },
    limits: defaultEmbeddingLimits,
    sample: { idRatio: 1, rows: 60, shared: 60 },
    report: embeddingReport(comparison),
    reason: null,
  };
}

/** What every store of comparisons does; `store` gives the one under test, each test has a model of its own. */
export function embeddingStabilityStoreContract(store: () => EmbeddingStabilityStore): void {
  it('keeps a comparison whole, by model and version', async () => {
    await store().put(stability('whole', 2));
    await store().put(stability('whole', 12));
    expect(await store().get('whole', 2)).toEqual(stability('whole', 2));
    expect(await store().get('whole', 12)).toEqual(stability('whole', 12));
  });

  it('takes the same comparison again', async () => {
    await store().put(stability('again', 2));
    await store().put(stability('again', 2));
    expect(await store().get('again', 2)).toEqual(stability('again', 2));
  });

  it('knows nothing of a version that was not compared', async () => {
    await store().put(stability('one', 2));
    expect(await store().get('one', 1)).toBeUndefined();
    expect(await store().get('on', 2)).toBeUndefined();
  });
}
