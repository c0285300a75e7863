import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { backgroundFunctions } from '../../shared/names.ts';
import { routes } from '../../shared/routes.ts';
import { bytesLoadedBy, filesLoadedBy, functionsAsset } from '../bench/import-graph.ts';

const asset = functionsAsset(fileURLToPath(new URL('../../cdk.out', import.meta.url)));
const entryOf = (name: string) => path.join(asset, name, 'index.mjs');
const names = [
  ...new Set([...Object.values(routes).map((route) => route.function), ...Object.values(backgroundFunctions)]),
];

it.each(names)('%s loads less than 1 MB of JavaScript', (name) => {
  expect(bytesLoadedBy(entryOf(name))).toBeLessThan(1_000_000);
});

it('counts what a function shares with others', () => {
  expect(filesLoadedBy(entryOf('registry/get-model')).size).toBeGreaterThan(5);
});
