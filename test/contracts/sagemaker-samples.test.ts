import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type CapturedBy,
  capturedPredictions,
  labelledOutcomes,
} from '../../shared/domain/ground-truth/sagemaker-records.ts';
import type { Feature } from '../../shared/domain/registry/schemas.ts';

// Samples of SageMaker's developer guide, and variants made after its description.
const samples = fileURLToPath(new URL('../../../shared/contracts/data/sagemaker/samples', import.meta.url));
const isThere = existsSync(samples);
if (!isThere) console.info(`skipped: no samples in ${samples}`);
const linesOf = (name: string) =>
  readFileSync(`${samples}/${name}`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

function modelOf(names: readonly string[], change: Partial<CapturedBy> = {}): CapturedBy {
  const features = names.map((name): Feature => ({ name, type: 'numeric', required: true, importance: 1 }));
  return { modelId: 'churn', modelVersion: 1, features, mapping: {}, ...change };
}
const churn = modelOf(Array.from({ length: 69 }, (_, i) => `c${i}`));

describe.skipIf(!isThere)('what SageMaker writes', () => {
  it('captures of the guide are predictions with all their columns', () => {
    const records = linesOf('data-capture.endpoint.doc.jsonl').map((line) => capturedPredictions(line, churn));
    expect(records.map(({ ok }) => ok)).toEqual([true, true]);
    expect(records.flatMap((result) => (result.ok ? result.records : []))).toMatchObject([
      {
        predictionId: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
        predictedAt: '2022-02-14T17:25:49Z',
        score: 0.0254181120544672,
        features: { c0: 69, c2: 153.7, c68: 0 },
      },
      { score: 0.07675473392009735, features: { c0: 94, c68: 1 } },
    ]);
  });

  it('an inference id, many rows, JSON and binary content are told apart', () => {
    const [withId, manyRows, asJson, binary] = linesOf('data-capture.endpoint.DERIVED-variants.jsonl');
    expect(capturedPredictions(withId, churn)).toMatchObject({ ok: true, records: [{ predictionId: 'pred-0001' }] });
    const two = modelOf(['a', 'b']);
    expect(capturedPredictions(manyRows, two)).toMatchObject({
      ok: true,
      records: [
        { predictionId: '22222222-2222-4222-8222-222222222222-0', features: { a: 1, b: 2 }, score: 0.1 },
        { predictionId: '22222222-2222-4222-8222-222222222222-1', features: { a: 3, b: 4 }, score: 0.9 },
      ],
    });
    expect(capturedPredictions(asJson, two)).toMatchObject({
      ok: true,
      records: [{ features: { a: 1, b: 2 }, score: 0.7 }],
    });
    expect(capturedPredictions(binary, two)).toMatchObject({ ok: false, problems: [{ code: 'unreadable-content' }] });
  });

  it('ground truth of the guide is an outcome', () => {
    const [line] = linesOf('ground-truth.doc.jsonl');
    expect(labelledOutcomes(line, 'churn', '2022-02-14T18:00:00.000Z')).toMatchObject({
      ok: true,
      records: [{ predictionId: 'aaaa-bbbb-cccc', label: 1 }],
    });
  });
});
