import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// A folder is a speed class. Unit tests share their modules: they hold no state, and importing them again is half the time.
// `npm test` runs what stands alone and is fast; the rest has a command of its own.
export default defineConfig({
  // As Node resolves it: the package has the same classes twice, and what is made of one is nothing to the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    testTimeout: 20_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // What a refused request logs is no news; failures show their own output.
    silent: 'passed-only',
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false } },
      {
        extends: true,
        test: { name: 'contracts', include: ['test/contracts/**/*.test.ts', 'test/functions/**/*.test.ts'] },
      },
      { extends: true, test: { name: 'workflows', include: ['test/workflows/**/*.test.ts'] } },
      { extends: true, test: { name: 'local', include: ['test/local/**/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'infra', include: ['test/infra/**/*.test.ts'], globalSetup: './test/infra/global-setup.ts' },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: './test/e2e/global-setup.ts',
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          globalSetup: './test/e2e/global-setup.ts',
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'browser', include: ['test/browser/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        extends: true,
        test: { name: 'mutation', include: ['test/mutation/**/*.test.ts'], testTimeout: 600_000 },
      },
      {
        extends: true,
        test: {
          name: 'permissions',
          include: ['test/permissions/**/*.test.ts'],
          testTimeout: 480_000,
        },
      },
      // Skips what needs the public oracles when ../shared/data is absent.
      {
        extends: true,
        test: { name: 'oracles', include: ['test/oracles/**/*.test.ts'], testTimeout: 120_000, isolate: false },
      },
      { extends: true, test: { name: 'story', include: ['test/story/**/*.test.ts'] } },
      { extends: true, test: { name: 'kill', include: ['test/kill/**/*.test.ts'], testTimeout: 900_000 } },
      { extends: true, test: { name: 'drill', include: ['test/drill/**/*.test.ts'] } },
      { extends: true, test: { name: 'volume', include: ['test/volume/**/*.test.ts'], testTimeout: 3_600_000 } },
    ],
  },
});
