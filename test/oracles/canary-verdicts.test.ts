import { describe, expect, it } from 'vitest';
import type { ArmSums } from '../../shared/domain/ground-truth/aggregates.ts';
import type { ArmHour } from '../../shared/domain/rollout/arm-difference.ts';
import { businessVerdict } from '../../shared/domain/rollout/business-verdict.ts';
import { significancePerMetric } from '../../shared/domain/rollout/significance.ts';
import { hourMillis, hourOfMillis } from '../../shared/domain/time.ts';
import { hasOracles, type Json, readCsv, readJson } from './data.ts';

/** Points of the candidate in one block; of the control four times as many, as the oracle's stretches are. */
const blockPoints = 6;

/** The stretches of one comparison, in the order of time, side by side: the first points of one with those of the other. */
function armsOf(control: readonly number[], candidate: readonly number[]): readonly ArmHour[] {
  const blocks = Math.floor(candidate.length / blockPoints);
  const of = (values: readonly number[], block: number) =>
    sumsOf(values.slice((block * values.length) / blocks, ((block + 1) * values.length) / blocks));
  return Array.from({ length: blocks }, (_, block) => ({
    hour: hourOfMillis(block * hourMillis),
    champion: of(control, block),
    candidate: of(candidate, block),
  }));
}

function sumsOf(values: readonly number[]): ArmSums {
  return {
    n: values.length,
    sum: values.reduce((a, b) => a + b, 0),
    sumSquares: values.reduce((a, b) => a + b * b, 0),
  };
}

type Comparison = { readonly name: string; readonly oracle: Json; readonly arms: readonly ArmHour[] };

function comparisons(): readonly Comparison[] {
  return Object.entries<Json>(readJson('nab/oracle.json').series).flatMap(([name, { comparisons }]) => {
    const series = readCsv(`nab/${name}.csv.gz`);
    return comparisons.map((oracle: Json): Comparison => {
      const valuesOf = (rows: typeof series) => rows.map(({ value }) => Number(value));
      const control = series
        .slice(oracle.controlFrom, oracle.controlTo)
        .filter((row) => !(oracle.type === 'labelled-anomaly' && row.in_anomaly_window === '1'));
      const candidate = series.slice(oracle.candidateFrom, oracle.candidateTo);
      return { name, oracle, arms: armsOf(valuesOf(control), valuesOf(candidate)) };
    });
  });
}

/** Latency, load, requests: more is worse. */
const limits = {
  metric: { name: 'value', direction: 'lower-is-better' },
  dropRatio: 0.03,
  significance: significancePerMetric(1),
  minimumRowsPerArm: 50,
} as const;

describe.skipIf(!hasOracles)('the canaries of the NAB series', () => {
  const all = hasOracles ? comparisons() : [];
  const judged = all.map((each) => ({ ...each, evidence: businessVerdict(each.arms, limits).evidence }));

  it('are compared on the rows and means of the oracle', () => {
    for (const { oracle, evidence, arms } of judged) {
      const { nA, nB, meanA, meanB } = oracle.twoSample;
      const mean = (arm: 'champion' | 'candidate') =>
        arms.reduce((sum, { [arm]: { sum: of } }) => sum + of, 0) / evidence[arm].n;
      expect([evidence.champion.n, evidence.candidate.n]).toEqual([nA, nB]);
      expect(mean('champion')).toBeCloseTo(meanA, 9);
      expect(mean('candidate')).toBeCloseTo(meanB, 9);
    }
  });

  it('fail where the oracle is beyond doubt that the candidate is worse, and nowhere else', () => {
    const isWorse = ({ oracle: { twoSample } }: Comparison) =>
      twoSample.welch.pValue < 1e-3 && twoSample.meanB > twoSample.meanA;
    const failed = judged.filter(({ evidence }) => evidence.verdict === 'fail');
    expect(failed.map(({ name, oracle }) => [name, oracle.candidateFrom])).toEqual(
      judged.filter(isWorse).map(({ name, oracle }) => [name, oracle.candidateFrom]),
    );
    expect(failed.filter(({ oracle }) => oracle.type === 'labelled-anomaly')).toHaveLength(3);
  });

  it('do not pass what the oracle finds more than the limit worse', () => {
    for (const { oracle, evidence } of judged) {
      const { meanA, meanB, welch } = oracle.twoSample;
      if (welch.pValue < 0.05 && meanB > 1.03 * meanA) expect(evidence.verdict).not.toBe('pass');
    }
  });

  it('see nothing in the single spikes of the latency, as the distribution tests of the oracle do', () => {
    const spikes = judged.filter(({ name, oracle }) => name.startsWith('ec2_') && oracle.type === 'labelled-anomaly');
    expect(spikes).toHaveLength(3);
    for (const { oracle, evidence } of spikes) {
      expect(oracle.twoSample.ks.pScipyAsymp).toBeGreaterThan(0.3);
      expect(evidence.verdict).not.toBe('fail');
    }
  });
});
