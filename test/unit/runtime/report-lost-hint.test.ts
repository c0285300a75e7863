import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { readEmbeddedMetrics } from '../../../local/cloudwatch/embedded-metrics.ts';

test('a lost hint is a warning that names its cause, and is counted', () => {
  // In a process of its own, as a function would: metrics and logs are off in tests.
  const code = `import { reportLostHint } from './shared/runtime/report-lost-hint.ts';
    reportLostHint(new Error('the queue does not answer'));`;
  const output = execFileSync('sh', ['-c', '"$0" --input-type=module --eval "$1" 2>&1', process.execPath, code], {
    encoding: 'utf8',
    env: { AWS_LAMBDA_FUNCTION_NAME: 'test' },
  });
  const lines = output.split('\n');
  expect(readEmbeddedMetrics(lines)).toEqual([
    { metric: { namespace: 'Runway', name: 'GraphHintsLost', dimensions: { service: 'graph' } }, value: 1 },
  ]);
  const [warning = ''] = lines.filter((line) => line.includes('"WARN"'));
  expect(JSON.parse(warning)).toMatchObject({
    message: 'lost a hint about a change of the graph',
    error: { message: 'the queue does not answer' },
  });
});
