import type { Schemas } from '../../sdk/client.ts';
import type { ModelName } from './models/flight-model.ts';

export type PolicyOptions = {
  /** How often Runway looks at a model. */
  readonly evaluationHours: number;
  /** Share of the flights that are served; what counts as a full week of rows follows from it. */
  readonly sample: number;
  /** `loose`: thresholds that nothing in this half-year reaches; only the backstop still asks for a retrain. */
  readonly thresholds: 'demo' | 'loose';
};

/** A full week is 11,300 to 11,800 flights at a sample of 10 %. */
const rowsPerWeekAtOneTenth = 10_900;

/**
 * The policy document of the demo, as it is put to `/v1/models/{modelId}/policy`. Where it differs from Runway's default
 * for tier 3, the reason stands beside it.
 */
export function demoPolicy(
  model: ModelName,
  { evaluationHours, sample, thresholds }: PolicyOptions,
): Schemas['Policy'] {
  const demo = thresholds === 'demo';
  const minimumRows = Math.round((rowsPerWeekAtOneTenth * sample) / 0.1);
  return {
    evaluationIntervalMinutes: evaluationHours * 60,
    windowDays: 7,
    // A full week: in a shorter window the weekdays would look like drift.
    minimumRows,
    // Performance is tested on eight day blocks, which cannot prove more; the thresholds on effects carry the decision.
    significance: 0.05,
    signals: {
      age: { weight: 1, decisive: false, warningDays: 30, breachDays: 60 },
      dataDrift: {
        weight: 2,
        decisive: true,
        psiWarning: 0.1,
        psiBreach: demo ? 0.25 : 10,
        maximumFeatures: 200,
        effectAt: 'point',
        // What late-live adds to late-basic; the attributes both share are shown and judged with late-basic.
        ...(model === 'late-live' ? { features: ['originLateRate', 'destinationLateRate'] } : {}),
      },
      predictionDrift: {
        weight: 1,
        decisive: true,
        // PSI is to decide; KL is about half of it, so that this never breaches first.
        klWarning: 0.1,
        klBreach: demo ? 0.25 : 10,
        psiBreach: demo ? 0.25 : 10,
      },
      performance: {
        weight: 4,
        decisive: true,
        aucDrop: demo ? 0.05 : 0.5,
        logLossSkillDrop: demo ? 0.06 : 10,
        calibrationBias: demo ? 0.05 : 1,
        rmseIncreaseRatio: null,
        minimumCoverageRatio: 0.8,
      },
      conceptDrift: { weight: 1, decisive: false, lossIncreaseRatio: 0.1 },
      trainServeSkew: { weight: 0, decisive: false },
      estimatedPerformance: { weight: 0, decisive: false },
      embeddingInstability: { weight: 1, decisive: false },
      downstreamHealth: { weight: 1, decisive: false },
    },
    // A tenth of the traffic is 60 flights an hour: what so few hours show is the timetable, not a break.
    shortWindow: { enabled: false, minimumHours: 1 },
    // One team, two models: the significance above is stated for each test.
    fleetControl: false,
    hysteresis: { clearEvaluations: 2, clearRatio: 0.8 },
    deprecationProposalDays: 60,
    // Decisive signals alone put a model at risk here, so that each retrain has one named cause.
    stalenessThreshold: 1,
    retraining: {
      onPerformance: true,
      onDrift: true,
      // With 30 days the schedule would come before most of what the data do; it stays as the safety net.
      backstopDays: 60,
      cooldownDays: 21,
      trainingTimeoutHours: 24,
    },
    validation: { nonInferiorityMarginRatio: 0.02, minimumHoldoutRows: 5_000 },
    rollout: {
      steps: [5, 20, 50, 100],
      holdHours: 24,
      maximumHoldHours: 120,
      onInconclusive: 'promote-on-paired-verdict',
      // Some thousand shadowed flights prove that nothing broke, not a difference of 2 %: that is the hold-out's part.
      nonInferiorityMarginRatio: 0.05,
      businessDropRatio: 0.03,
      minimumRowsPerArm: 200,
      // At this traffic the arms stay inconclusive for weeks: the policy proceeds on the paired verdict.
      businessMetricRequired: false,
      shadowDaysAfterPromotion: 14,
    },
  };
}
