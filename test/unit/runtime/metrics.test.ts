import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { readEmbeddedMetrics } from '../../../local/cloudwatch/embedded-metrics.ts';

/** In a process of its own, as a function would: metrics are off in tests. */
function emitted(script: string): ReturnType<typeof readEmbeddedMetrics> {
  const code = `import { emitByTier, emitMetrics } from './shared/runtime/metrics.ts'; ${script}`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
    env: { AWS_LAMBDA_FUNCTION_NAME: 'test' },
  });
  return readEmbeddedMetrics(output.split('\n'));
}

test('figures are written in the embedded metric format, by capability and, where they are kept so, by tier', () => {
  const lines = emitted(`
    emitMetrics({ Evaluations: 3, RecordsRejected: 1 });
    emitByTier(new Map([[1, { ModelsServing: 2 }], [2, { ModelsServing: 0 }]]));
    emitMetrics({});
    emitMetrics({ Evaluations: 4 });`);
  const metric = (name: string, dimensions: Record<string, string>) => ({ namespace: 'Runway', name, dimensions });
  expect(lines).toEqual([
    { metric: metric('Evaluations', { service: 'health' }), value: 3 },
    { metric: metric('RecordsRejected', { service: 'ground-truth' }), value: 1 },
    { metric: metric('ModelsServing', { service: 'health', tier: '1' }), value: 2 },
    { metric: metric('ModelsServing', { service: 'health', tier: '2' }), value: 0 },
    { metric: metric('Evaluations', { service: 'health' }), value: 4 },
  ]);
});
