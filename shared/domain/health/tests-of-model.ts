import type { Policy } from '../registry/policy.ts';
import type { ModelDefinition } from '../registry/schemas.ts';
import { testsPerFeature } from './alert-budget.ts';

/** Loss and calibration, of models that say yes or no. */
const conceptDriftTests = 2;

/** How many tests one evaluation of a model runs per window, at most: each takes its share of the team's alert budget. */
export function testsOfModel(
  { features, segments = [], taskType }: Pick<ModelDefinition, 'features' | 'segments' | 'taskType'>,
  { signals }: Policy,
): number {
  const { features: named, maximumFeatures } = signals.dataDrift;
  const judged = named === undefined ? features.length : named.length;
  const ofInputs = Math.min(judged, maximumFeatures) * testsPerFeature;
  const ofOutput = signals.predictionDrift.psiBreach === null ? 1 : 2;
  return (
    (ofInputs + ofOutput) * (1 + segments.length) +
    performanceTests(taskType, signals.performance) +
    (taskType === 'binary' ? conceptDriftTests : 0)
  );
}

function performanceTests(taskType: ModelDefinition['taskType'], limits: Policy['signals']['performance']): number {
  const { aucDrop, logLossSkillDrop, calibrationBias, rmseIncreaseRatio } = limits;
  const used = taskType === 'regression' ? [rmseIncreaseRatio] : [aucDrop, logLossSkillDrop, calibrationBias];
  return used.filter((limit) => limit !== null).length;
}
