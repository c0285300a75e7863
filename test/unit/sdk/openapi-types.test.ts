import { readFileSync } from 'node:fs';
import generate, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';

it("the client's types are those of the kept OpenAPI document", async () => {
  const document = new URL('../../../docs/api/openapi.json', import.meta.url);
  const kept = readFileSync(new URL('../../../sdk/openapi-types.ts', import.meta.url), 'utf8');
  const generated = astToString(await generate(document));
  expect(kept.slice(kept.indexOf('export interface')), 'run npm run openapi').toBe(generated);
});
