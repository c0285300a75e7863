import type { Performance } from '../ground-truth/aggregates.ts';
import { mergeForJudging } from '../ground-truth/performance.ts';
import type { Policy } from '../registry/policy.ts';
import { blockJackknife } from './block-jackknife.ts';
import { pValueText } from './figures.ts';
import type { Comparison, PerformanceTest } from './performance-tests.ts';
import { evidenceOf, limitsOf, scoreOf, verdictOf } from './severity.ts';
import type { JudgedPart } from './signal.ts';

/** One test on the rows of the window, with the evidence of its day blocks. */
export function judgePerformance(
  policy: Policy,
  test: PerformanceTest,
  performance: Performance,
  blocks: readonly Performance[],
): JudgedPart {
  const value = test.metric(performance);
  const { comparison } = test;
  if (value === null) return insufficient(test, value, 'all labels of the window are equal');
  if (comparison === undefined) return insufficient(test, value, 'the baseline has nothing to compare with');
  const evidence = blockJackknife({
    blocks,
    merge: (left, right) => mergeForJudging([left, right])!,
    statistic: (rows) => shiftOf(comparison, test.metric(rows)),
    alternative: comparison.alternative,
  });
  if (evidence.value === null) return insufficient(test, value, evidence.reason);
  const { limit, sentence } = comparison;
  const effect = comparison.alternative === 'greater' ? evidence.value : Math.abs(evidence.value);
  return {
    name: test.name,
    value,
    reference: test.reference,
    evidence: evidence.pValue,
    score: scoreOf(effect, limitsOf(limit)),
    effect: effect / limit,
    verdict: verdictOf(effect, limitsOf(limit), evidenceOf(policy, evidence.pValue)),
    reason: `${sentence(value)}, ${pValueText(evidence.pValue)} over ${evidence.blocks} day blocks)`,
  };
}

function shiftOf(comparison: Comparison, metric: number | null): number | null {
  return metric === null ? null : comparison.shift(metric);
}

function insufficient(test: PerformanceTest, value: number | null, why: string): JudgedPart {
  const nothing = { evidence: null, score: null, effect: null, verdict: 'insufficient-data' } as const;
  return { name: test.name, value, reference: test.reference, ...nothing, reason: `${test.name}: ${why}` };
}
