import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GivenRequest, httpEvent } from '../../unit/runtime/http-event.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'runway bundled '));
const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('a function that was bundled into one file', () => {
  beforeAll(() => {
    buildSync({
      absWorkingDir: root,
      entryPoints: ['functions/registry/register-model.ts'],
      outfile: path.join(directory, 'index.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      minify: true,
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    });
    const engine = fileURLToPath(new URL('cedar_wasm_bg.wasm', import.meta.resolve('@cedar-policy/cedar-wasm/web')));
    copyFileSync(engine, path.join(directory, 'cedar_wasm_bg.wasm'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const invoke = (given: GivenRequest) => {
    const script = `
      const { handler } = await import('./index.mjs');
      const { statusCode, body } = await handler(${JSON.stringify(httpEvent(given))}, {});
      process.stdout.write(JSON.stringify({ status: statusCode, body: JSON.parse(body) }));`;
    const env = {
      EVENTS_TABLE: 'Events',
      IDEMPOTENCY_TABLE: 'Idempotency',
      AWS_REGION: 'eu-west-1',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
    };
    return JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: directory, env, encoding: 'utf8' }),
    );
  };

  it('decides with the policy engine that lies beside it', () => {
    const body = {
      name: 'late-basic',
      domain: 'flights',
      team: 'flights',
      tier: 2,
      taskType: 'binary',
      features: [{ name: 'hour', type: 'categorical' }],
    };
    expect(invoke({ body, groups: '[editor:search]' })).toMatchObject({
      status: 403,
      body: { type: 'urn:runway:problem:not-authorized' },
    });
  });

  it('keeps the names of errors, though its classes were renamed', () => {
    expect(invoke({ body: '{' })).toMatchObject({ status: 400, body: { type: 'urn:runway:problem:malformed-json' } });
    expect(invoke({ body: { name: 'x' } })).toMatchObject({
      status: 422,
      body: { errors: expect.arrayContaining([expect.objectContaining({ field: '/team', code: 'missing' })]) },
    });
  });
});
