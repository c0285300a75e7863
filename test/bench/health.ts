import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { addToProfile, emptyProfile } from '../../shared/domain/ground-truth/profile.ts';
import { createProfileAccumulator, type ProfiledRow } from '../../shared/domain/ground-truth/profile-accumulator.ts';
import type { Baseline } from '../../shared/domain/health/baseline.ts';
import { categoricalBins, numericBins } from '../../shared/domain/health/bins.ts';
import { kullbackLeibler } from '../../shared/domain/health/kullback-leibler.ts';
import { populationStabilityIndex } from '../../shared/domain/health/population-stability-index.ts';
import { chiSquareTest } from '../../shared/domain/health/statistics/chi-square-test.ts';
import { hellinger } from '../../shared/domain/health/statistics/hellinger.ts';
import { jensenShannon } from '../../shared/domain/health/statistics/jensen-shannon.ts';
import { totalVariation } from '../../shared/domain/health/statistics/total-variation.ts';
import { unseenCategoryTest } from '../../shared/domain/health/statistics/unseen-category-test.ts';
import { twoProportionTest } from '../../shared/domain/health/two-proportion-test.ts';
import { judgeShift } from '../../shared/domain/health/verdict/judge-shift.ts';
import { gaussian, seeded } from '../unit/health/statistics/seeded.ts';

// What a verdict on a fleet and a record at ingest cost: `npm run bench:health`. Prints, asserts nothing; see
// docs/benchmarks.md.

const runs = 9;
const random = seeded(7);

/** Least processor time of some runs in ms: what a busy machine adds is only ever more. */
function cost(work: () => unknown): number {
  work();
  const millis = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...millis);
}

const fleet = { models: 500, features: 100, bins: 10, limitMillis: 1_000 } as const;

type Histogram = { readonly bins: readonly number[]; readonly missing: number; readonly unseen: number };

function histogram(): Histogram {
  const count = (most: number) => Math.floor(random() * most);
  return { bins: Array.from({ length: fleet.bins }, () => count(10_000)), missing: count(500), unseen: count(50) };
}

/** Everything that a verdict on one feature asks of two stored histograms. */
function metricsOf(reference: Histogram, current: Histogram): void {
  populationStabilityIndex(reference.bins, current.bins);
  kullbackLeibler(reference.bins, current.bins);
  kullbackLeibler(current.bins, reference.bins);
  jensenShannon(reference.bins, current.bins);
  totalVariation(reference.bins, current.bins);
  hellinger(reference.bins, current.bins);
  chiSquareTest(reference.bins, current.bins);
  const [n, m] = [rowsOf(reference), rowsOf(current)];
  twoProportionTest({ count: reference.missing, n }, { count: current.missing, n: m });
  unseenCategoryTest({ singletons: reference.unseen, n }, { unseen: current.unseen, n: m });
}

function rowsOf({ bins, missing, unseen }: Histogram): number {
  return bins.reduce((sum, count) => sum + count, missing + unseen);
}

function benchFleet(): void {
  const pairs = Array.from({ length: fleet.models * fleet.features }, () => [histogram(), histogram()] as const);
  const millis = cost(() => {
    for (const [reference, current] of pairs) metricsOf(reference, current);
  });
  console.log(`metrics of ${fleet.models} models × ${fleet.features} features from histograms of ${fleet.bins} bins:`);
  console.log(`  ${millis.toFixed(0)} ms of processor time, ${ratio(millis, fleet.limitMillis)} of the second allowed`);
}

const judged = { features: 2_000, referenceBlocks: 30, currentBlocks: 8, rowsPerBlock: 1_000 } as const;

/** Counts by day, whose shares wander a little. */
function days(count: number): readonly (readonly number[])[] {
  return Array.from({ length: count }, () =>
    Array.from({ length: fleet.bins }, () =>
      Math.max(0, Math.round(judged.rowsPerBlock / fleet.bins + 20 * gaussian(random))),
    ),
  );
}

function summed(blocks: readonly (readonly number[])[]): readonly number[] {
  return Array.from({ length: fleet.bins }, (_, bin) => blocks.reduce((sum, block) => sum + block[bin]!, 0));
}

function benchVerdicts(): void {
  const inputs = Array.from({ length: judged.features }, (_, i) => {
    const [referenceBlocks, currentBlocks] = [days(judged.referenceBlocks), days(judged.currentBlocks)];
    return {
      name: `feature_${i}`,
      reference: summed(referenceBlocks),
      current: summed(currentBlocks),
      order: 'ordered',
      limits: { warning: 0.1, breach: 0.25 },
      alpha: 1e-4,
      blocks: { referenceBlocks, currentBlocks, currentSpread: 'own' },
    } as const;
  });
  const millis = cost(() => inputs.map(judgeShift));
  console.log(
    `verdict on a feature by ${judged.currentBlocks} days against ${judged.referenceBlocks}: ${((millis * 1_000) / judged.features).toFixed(0)} µs of processor time`,
  );
}

const shape = { numeric: 14, categorical: 6, categories: 200, records: 20_000, batch: 500 } as const;
const numeric = Array.from({ length: shape.numeric }, (_, i) => `numeric_${i}`);
const categorical = Array.from({ length: shape.categorical }, (_, i) => `categorical_${i}`);

/** A prediction as a producer puts it on the stream. */
function line(i: number): string {
  const record = {
    predictionId: `2001-01-22-N${i}-JFK`,
    modelId: 'late-live',
    modelVersion: 3,
    predictedAt: new Date(Date.UTC(2001, 0, 22) + i * 100).toISOString(),
    features: row().features,
    score: random(),
  };
  return JSON.stringify({ kind: 'prediction', record });
}

function row(): ProfiledRow {
  const features = Object.fromEntries([
    ...numeric.map((name) => [name, random() < 0.01 ? null : Number(gaussian(random).toFixed(4))]),
    ...categorical.map((name) => [name, `airport ${Math.floor(random() ** 2 * shape.categories)}`]),
  ]);
  return { features, score: random() };
}

function baselineOfRows(): Baseline {
  const rows = Array.from({ length: 5_000 }, row);
  const valuesOf = (name: string) => rows.flatMap(({ features }) => features[name] ?? []);
  const features = Object.fromEntries([
    ...numeric.map((name) => [name, numericBins(valuesOf(name).map(Number))]),
    ...categorical.map((name) => [name, categoricalBins(valuesOf(name).map(String))]),
  ]);
  const scores = numericBins(rows.map(({ score }) => score));
  const common = { modelId: 'late-live', version: 3, taskType: 'binary', n: rows.length, from: '', to: '' } as const;
  return { ...common, features, scores, profile: emptyProfile };
}

function benchIngest(): void {
  const baseline = baselineOfRows();
  const lines = Array.from({ length: shape.records }, (_, i) => line(i));
  const parse = () => lines.map((text) => JSON.parse(text) as { readonly record: ProfiledRow });
  const rows = parse().map(({ record }) => record);
  const parsing = cost(() => {
    for (const text of lines) JSON.parse(text);
  });
  const accumulating = cost(() => {
    const counted = createProfileAccumulator(baseline);
    for (const record of rows) counted.add(record);
    return counted.addedTo(emptyProfile);
  });
  const batches = Array.from({ length: shape.records / shape.batch }, (_, i) =>
    rows.slice(i * shape.batch, (i + 1) * shape.batch),
  );
  const batched = cost(() => {
    let held = emptyProfile;
    for (const batch of batches) held = addToProfile(held, baseline, batch);
    return held;
  });
  const micros = (millis: number) => `${((millis * 1_000) / shape.records).toFixed(2)} µs a record`;
  console.log(
    `records of ${shape.numeric} numeric and ${shape.categorical} categorical features, ${shape.records.toLocaleString('en')} of them:`,
  );
  console.log(`  baseline: JSON.parse of the same records: ${micros(parsing)}`);
  console.log(`  added to histograms: ${micros(accumulating)}, ${ratio(accumulating, parsing)} of the baseline`);
  console.log(
    `  added to stored profiles, ${shape.batch} at a time: ${micros(batched)}, ${ratio(batched, parsing)} (0.50 allowed)`,
  );
}

function ratio(part: number, whole: number): string {
  return (part / whole).toFixed(2);
}

console.log(`load ${loadavg()[0]?.toFixed(1)}; least processor time of ${runs} runs`);
benchFleet();
benchVerdicts();
benchIngest();

// A process of its own, whose peak memory is then that of drift alone.
const drift = fileURLToPath(new URL('health-drift.ts', import.meta.url));
if (existsSync(drift)) process.exitCode = spawnSync(process.execPath, [drift], { stdio: 'inherit' }).status ?? 1;
