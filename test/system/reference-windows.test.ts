import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boot, type Running } from '../e2e/boot.ts';
import { definitionOf, rowOf, versionOf } from '../mutation/model-life.ts';

// Files of a training pipeline in the bucket, small enough for the call that registers a version and too large for it:
// whatever the format and whoever reads them, the baseline is the same.

type Body = Record<string, unknown>;
const start = '2001-01-22T00:55:00.000Z';
const hour = 3_600_000;
const rows = Array.from({ length: 400 }, (_, i) => {
  const { features, score, label } = rowOf(i);
  return { distance: features.distance, score, label, at: Date.parse(start) - 8 * 24 * hour + (i % 160) * hour };
});
/** What a pipeline keeps beside what Runway reads; each different, so that Parquet keeps them all. */
const notes = rows.map((_, i) => `${i} ${'x'.repeat(22_500)}`);

const small = {
  'rows.ndjson': rows
    .map(({ distance, at, ...row }) => JSON.stringify({ ...row, features: { distance }, predictedAt: at }))
    .join('\n'),
  'rows.csv': csv(false),
  'rows.csv.gz': gzipSync(csv(false)),
  'rows.parquet': parquet(false),
} as const;
const large = { 'rows.csv': csv(true), 'rows.parquet': parquet(true) } as const;

function csv(isLarge: boolean): string {
  const note = (i: number) => (isLarge ? notes[i] : 'short');
  const lines = rows.map(({ distance, score, label, at }, i) => [note(i), label, score, distance, at].join(','));
  return ['note,late,p,distance,departed', ...lines].join('\n');
}

function parquet(isLarge: boolean): Uint8Array {
  const values = <K extends keyof (typeof rows)[number]>(key: K) => rows.map((row) => row[key]);
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'departed', data: values('at').map((at) => new Date(at)), type: 'TIMESTAMP' },
        { name: 'distance', data: values('distance'), type: 'DOUBLE' },
        { name: 'p', data: values('score'), type: 'DOUBLE' },
        { name: 'late', data: values('label').map((label) => label === 1), type: 'BOOLEAN' },
        { name: 'note', data: isLarge ? notes : rows.map(() => 'short'), type: 'STRING' },
      ],
      rowGroupSize: 150,
      codec: 'UNCOMPRESSED',
    }),
  );
}

let running: Running;
let count = 0;
beforeAll(async () => {
  running = await boot(start);
});
afterAll(() => running.end());

async function register(file: string, content: string | Uint8Array) {
  const { customer, now } = running;
  count += 1;
  const modelId = `window-${count}`;
  await customer.succeed('POST', '/v1/models', definitionOf(modelId));
  const { uri } = await customer.upload(`${modelId}/${file}`, content);
  const definition = await versionOf(customer, modelId, 'run', now());
  const columns = file.includes('ndjson') ? undefined : { score: 'p', label: 'late', predictedAt: 'departed' };
  const referenceWindow = { ...Object(definition.referenceWindow), uri, columns };
  const made = await customer.succeed('POST', `/v1/models/${modelId}/versions`, { ...definition, referenceWindow });
  return { modelId, status: Object(made.baselineStatus).status as string };
}

/** What the API shows of the baseline: its performance, and each distribution at the reference. */
async function shown(modelId: string) {
  const { customer } = running;
  const { baseline } = await customer.succeed('GET', `/v1/models/${modelId}/versions/1`);
  await customer.succeed('POST', `/v1/models/${modelId}/versions/1/deployment`, {});
  const { reference, features, prediction }: Body = await customer.succeed('GET', `/v1/models/${modelId}/drift`);
  return { baseline, reference, features, prediction };
}

describe('a reference window', () => {
  it('gives the same baseline from NDJSON, CSV and Parquet, read at once or by the job', async () => {
    const { modelId } = await register('rows.ndjson', small['rows.ndjson']);
    const expected = await shown(modelId);
    expect(expected).toMatchObject({ baseline: { n: 400, blocks: 7, performance: { n: 400 } } });
    for (const [file, content] of Object.entries(small).slice(1)) {
      const made = await register(file, content);
      expect(made.status, file).toBe('ready');
      expect(await shown(made.modelId), file).toEqual(expected);
    }
    for (const [file, content] of Object.entries(large)) {
      const made = await register(file, content);
      expect(made.status, file).toBe('pending');
      await running.cloud.pump();
      expect(await shown(made.modelId), `large ${file}`).toEqual(expected);
    }
    // Six models, each through every function on its way.
  }, 120_000);

  it('that is large and cannot be used is refused after the registration, with the reason', async () => {
    const { modelId, status } = await register('rows.csv', large['rows.csv'].replace(',distance,', ',length,'));
    expect(status).toBe('pending');
    await running.cloud.pump();
    const { baselineStatus } = await running.customer.succeed('GET', `/v1/models/${modelId}/versions/1`);
    expect(baselineStatus).toEqual({ status: 'failed', reason: expect.stringContaining('no column "distance"') });
    const answer = await running.customer.call('POST', `/v1/models/${modelId}/versions/1/deployment`, {});
    expect(answer.status).toBe(409);
  });
});
