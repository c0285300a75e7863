import { expect, it } from 'vitest';
import { buildBaseline } from '../../shared/domain/health/build-baseline.ts';
import type { BaselineStore } from '../../shared/ports/baseline-store.ts';

function baseline(modelId: string, version: number, rows = 500) {
  return buildBaseline({
    modelId,
    version,
    taskType: 'binary',
    features: [
      { name: 'delay', type: 'numeric', required: true, importance: 1 },
      { name: 'route', type: 'categorical', required: true, importance: 1 },
    ],
    rows: Array.from({ length: rows }, (_, i) => ({
      features: { delay: Math.sin(i) * 1e-150, route: `Zürich–${i}-${'x'.repeat(90)}` },
      score: (i % 97) / 97,
      label: i % 2,
    })),
    from: '2001-01-01T00:00:00.000Z',
    to: '2001-01-22T00:00:00.000Z',
  });
}

/** What every baseline store does; `store` gives the one under test, each test has a model of its own. */
export function baselineStoreContract(store: () => BaselineStore): void {
  it('keeps a baseline whole, by model and version', async () => {
    const [first, second] = [baseline('whole', 1), baseline('whole', 2, 40)];
    await store().put(first);
    await store().put(second);
    expect(await store().get('whole', 1)).toEqual(first);
    expect(await store().get('whole', 2)).toEqual(second);
  });

  it('takes the same baseline again', async () => {
    await store().put(baseline('again', 1));
    await store().put(baseline('again', 1));
    expect(await store().get('again', 1)).toEqual(baseline('again', 1));
  });

  it('knows nothing of a version without one', async () => {
    await store().put(baseline('one', 1));
    expect(await store().get('one', 11)).toBeUndefined();
    expect(await store().get('on', 1)).toBeUndefined();
  });

  it('holds thousands of rare categories', async () => {
    const large = baseline('large', 1, 6_000);
    expect(JSON.stringify(large).length).toBeGreaterThan(400_000);
    await store().put(large);
    expect(await store().get('large', 1)).toEqual(large);
  });
}
