import { fileURLToPath } from 'node:url';
import { ensureAssembly } from '../../local/synthesize.ts';
import { boot } from '../e2e/boot.ts';
import { definitionOf } from '../mutation/model-life.ts';

// Lineage and impact through the API of the embedded cloud, warm, at 500 models and 5,000 edges: `npm run bench:impact`.
// Prints, asserts nothing. Baselines of the same run: another read of one item, and a plain search of the same graph.

const modelCount = 500;
const featureCount = 8;
const upstreamCount = 1.1;
const questions = 200;

ensureAssembly(fileURLToPath(new URL('../..', import.meta.url)), console.log);
const running = await boot('2001-01-22T00:00:00.000Z');
const { customer, cloud, end } = running;
try {
  await fill();
  await ask();
  await change();
} finally {
  await end();
}

function nameOf(i: number): string {
  return `bench-${String(i).padStart(3, '0')}`;
}

/** Each model consumes one before it, some two, so that the first is upstream of many; the rest are features and teams. */
function upstreamsOf(i: number): readonly string[] {
  if (i === 0) return [];
  const near = Math.floor(i / 2);
  const isDouble = i % 10 < (upstreamCount - 1) * 10 && near > 0;
  return isDouble ? [nameOf(near), nameOf(near - 1)] : [nameOf(near)];
}

async function fill(): Promise<void> {
  const startedAt = performance.now();
  for (let i = 0; i < modelCount; i += 1) {
    const features = Array.from({ length: featureCount }, (_, k) => ({
      name: `f${(i * 7 + k * 13) % 900}`,
      type: 'numeric',
    }));
    await customer.succeed('POST', '/v1/models', {
      ...definitionOf(nameOf(i)),
      features,
      upstreamModels: upstreamsOf(i),
    });
  }
  const registeredAt = performance.now();
  await cloud.pump();
  const projection = performance.now() - registeredAt;
  console.log(
    `${modelCount} models registered in ${seconds(registeredAt - startedAt)}, projected in ${seconds(projection)}`,
  );
}

async function ask(): Promise<void> {
  const root = `/v1/models/${nameOf(0)}`;
  const { total, byDepth } = await customer.succeed('GET', `${root}/impact?depth=10`);
  console.log(`impact of the first model: ${total} entities, by depth ${JSON.stringify(byDepth)}`);
  await timed('GET …/impact?depth=10', `${root}/impact?depth=10&limit=1000`);
  await timed('GET …/impact', `${root}/impact`);
  await timed('GET …/lineage', `/v1/models/${nameOf(modelCount - 1)}/lineage`);
  await timed('GET …/models/{modelId}, the baseline', root);
  plainSearch();
}

async function timed(what: string, path: string): Promise<void> {
  const millis: number[] = [];
  for (let i = 0; i < questions; i += 1) {
    const startedAt = performance.now();
    await customer.succeed('GET', path);
    millis.push(performance.now() - startedAt);
  }
  const sorted = millis.slice(questions / 10).toSorted((a, b) => a - b);
  const at = (ratio: number) => (sorted[Math.floor(sorted.length * ratio)] ?? 0).toFixed(1);
  console.log(`${what}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
}

/** The same question on bare arrays. */
function plainSearch(): void {
  const dependants = Array.from({ length: modelCount }, (): number[] => []);
  for (let i = 0; i < modelCount; i += 1)
    for (const name of upstreamsOf(i)) dependants[Number(name.slice('bench-'.length))]?.push(i);
  const startedAt = performance.now();
  const seen = new Set([0]);
  for (const model of seen) for (const next of dependants[model] ?? []) seen.add(next);
  console.log(
    `a plain search of arrays, the baseline: ${seen.size - 1} models in ${(performance.now() - startedAt).toFixed(2)} ms`,
  );
}

async function change(): Promise<void> {
  const model = `/v1/models/${nameOf(0)}`;
  const startedAt = performance.now();
  await customer.succeed('PUT', `${model}/consumers`, { consumers: [{ service: 'board' }] });
  await cloud.pump();
  const { total } = await customer.succeed('GET', `${model}/impact?types=service`);
  console.log(`a declared consumer was seen (${total}) ${seconds(performance.now() - startedAt)} after it was sent`);
}

function seconds(millis: number): string {
  return `${(millis / 1_000).toFixed(1)} s`;
}
