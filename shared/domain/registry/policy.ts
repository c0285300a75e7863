import { offPeakWindowSchema } from '../retraining/queue/off-peak.ts';
import { freezeListSchema, offPeakSchema, timeZoneSchema } from '../retraining/rules/retraining-windows.ts';
import { ruleListSchema } from '../retraining/rules/rule.ts';
import { trainingBudgetSchema } from '../retraining/rules/training-budget.ts';
import { gateSchema, sliceGateSchema } from '../rollout/gates/gate.ts';
import * as z from '../zod.ts';
import type { Tier } from './schemas.ts';

const ratio = z.number().min(0).max(1);
const weight = z.number().min(0).max(10);

/**
 * Everything an owner may tune, versioned with the model. `decisive`: a breach of this signal alone puts the model at
 * risk. A threshold of `null` switches that test off.
 */
export const policySchema = z
  .strictObject({
    evaluationIntervalMinutes: z.number().int().min(5).max(10_080),
    windowDays: z.number().int().min(1).max(60),
    /** Fewer rows in the window than this are not looked at; whether more are enough, effect and evidence say. */
    minimumRows: z.number().int().min(1).max(10_000_000),
    /** Significance level of every evidence test. */
    significance: z.number().gt(0).lt(0.5),
    signals: z.strictObject({
      age: z.strictObject({
        weight,
        decisive: z.boolean(),
        warningDays: z.number().positive(),
        breachDays: z.number().positive(),
      }),
      dataDrift: z.strictObject({
        weight,
        decisive: z.boolean(),
        psiWarning: z.number().positive(),
        psiBreach: z.number().positive(),
        /** Only these features are judged; all of the schema when absent. The others are shown. */
        features: z.array(z.string()).min(1).optional(),
        /** Of more features than this the most important ones are judged; each further test costs all others power. */
        maximumFeatures: z.number().int().min(1).max(500).default(200),
        /** What has to reach `psiBreach`: the PSI itself, or the low end of its 95 % interval. */
        effectAt: z.enum(['point', 'low-end']).default('point'),
      }),
      predictionDrift: z.strictObject({
        weight,
        decisive: z.boolean(),
        /** Nats, KL(current || reference). */
        klWarning: z.number().positive(),
        klBreach: z.number().positive(),
        /** PSI of the output that breaches on its own. */
        psiBreach: z.number().positive().nullable(),
      }),
      performance: z.strictObject({
        weight,
        decisive: z.boolean(),
        /** Absolute drop of AUC against the baseline. */
        aucDrop: z.number().positive().nullable(),
        /** Drop of log-loss skill, 1 - logLoss / entropy of the window's own base rate. */
        logLossSkillDrop: z.number().positive().nullable(),
        /** |mean score - label rate|. */
        calibrationBias: z.number().positive().nullable(),
        /** Regression: relative increase of RMSE against the baseline. */
        rmseIncreaseRatio: z.number().positive().nullable(),
        minimumCoverageRatio: ratio,
      }),
      /** Realized loss and calibration against those expected under the baseline's calibration. */
      conceptDrift: z
        .strictObject({ weight, decisive: z.boolean(), lossIncreaseRatio: z.number().positive() })
        .default({ weight: 1, decisive: false, lossIncreaseRatio: 0.1 }),
      /** The served inputs of the first days against the training baseline. */
      trainServeSkew: z.strictObject({ weight, decisive: z.boolean() }).default({ weight: 0, decisive: false }),
      /** Estimated performance may warn; it never confirms health and never decides. */
      estimatedPerformance: z
        .strictObject({ weight: z.literal(0), decisive: z.literal(false) })
        .default({ weight: 0, decisive: false }),
      embeddingInstability: z.strictObject({ weight, decisive: z.boolean() }).default({ weight: 1, decisive: false }),
      /** Health of models that consume this one and have labels. */
      downstreamHealth: z.strictObject({ weight, decisive: z.boolean() }).default({ weight: 1, decisive: false }),
    }),
    /** Sudden breaks: the longer of these hours and the time to enough rows, against the same hours of the week. */
    shortWindow: z
      .strictObject({ enabled: z.boolean(), minimumHours: z.number().int().min(1).max(24) })
      .default({ enabled: true, minimumHours: 1 }),
    /** Significance from the team's budget of false alarms; otherwise `significance` for each test. */
    fleetControl: z.boolean().default(true),
    /** A breach is over after so many trusted evaluations in a row below this share of its limit. */
    hysteresis: z
      .strictObject({ clearEvaluations: z.number().int().min(1).max(100), clearRatio: z.number().gt(0).max(1) })
      .default({ clearEvaluations: 2, clearRatio: 0.8 }),
    /** At risk this long, a model is proposed for deprecation. */
    deprecationProposalDays: z.number().positive().max(3_650).default(60),
    stalenessThreshold: ratio,
    retraining: z.strictObject({
      onPerformance: z.boolean(),
      onDrift: z.boolean(),
      /** Retrain at the latest this long after the end of the training data. */
      backstopDays: z.number().positive().max(3_650),
      /** Between two retrains of one model, whatever became of the first. */
      cooldownDays: z.number().min(0).max(365),
      trainingTimeoutHours: z.number().positive().max(720),
      /** @default retrain on performance, on drift and at the backstop, as the switches above say; with rules those say nothing */
      rules: ruleListSchema.optional(),
      /** Whose clocks `calendar` shows to rules. @default UTC */
      timeZone: timeZoneSchema.optional(),
      /** Times in which nothing is retrained but by request. @default none */
      freezes: freezeListSchema.optional(),
      /** Retrains are asked for in these hours only. @default always */
      offPeak: offPeakSchema.optional(),
      /** Nothing is retrained but by request once it is spent. @default none */
      budget: trainingBudgetSchema.optional(),
      /** After the promotion of something that it depends on. @default it retrains, in its turn and at any hour */
      cascade: z
        .strictObject({
          enabled: z.boolean().optional(),
          /** Why not, in a person's words; whoever sees a plan sees it. */
          veto: z.string().min(1).max(500).optional(),
          /** Cascades start its retrain within these hours only. */
          offPeak: offPeakWindowSchema.optional(),
        })
        .optional(),
    }),
    validation: z.strictObject({
      /** Largest tolerated relative increase of the loss, candidate against champion, on the same hold-out. */
      nonInferiorityMarginRatio: z.number().gt(0).lt(1),
      minimumHoldoutRows: z.number().int().min(1),
      /** All must pass, beside the loss. @default none */
      gates: z.array(gateSchema).max(20).optional(),
      /** Segments of which no value must be shown to have regressed. @default none */
      slices: z.array(sliceGateSchema).max(20).optional(),
      /** A hold-out that has judged so many candidates judges no other. @default no limit; each is judged more strictly */
      maximumHoldoutAttempts: z.number().int().min(1).max(1_000).optional(),
      /** `shadow`: the first step gives the candidate no traffic and judges what it scored beside it. @default refuse */
      withoutHoldout: z.enum(['refuse', 'shadow']).optional(),
      /** How long consuming services have to answer whether they can load the candidate. @default 10 */
      loadProbeMinutes: z.number().positive().max(1_440).optional(),
    }),
    rollout: z
      .strictObject({
        /** Percent of the traffic per canary step, ascending, ending in 100 (= promotion). */
        steps: z
          .array(z.number().int().min(1).max(100))
          .min(1)
          .max(20)
          .refine(
            (steps) => steps.at(-1) === 100 && steps.every((step, i) => i === 0 || step > steps[i - 1]!),
            'expected ascending percentages that end in 100',
          ),
        holdHours: z.number().positive().max(720),
        /** A step that stays inconclusive this long does what `onInconclusive` says. */
        maximumHoldHours: z.number().positive().max(2_160),
        onInconclusive: z.enum(['roll-back', 'promote-on-paired-verdict']),
        nonInferiorityMarginRatio: z.number().gt(0).lt(1),
        /** Relative drop of the business metric that rolls back. */
        businessDropRatio: z.number().gt(0).lt(1),
        minimumRowsPerArm: z.number().int().min(1),
        /** When false, an inconclusive business metric does not hold a step that passed on the paired verdict. */
        businessMetricRequired: z.boolean(),
        /** The withdrawn version keeps scoring in shadow this long after promotion, for the paired comparison. */
        shadowDaysAfterPromotion: z.number().min(0).max(90),
        /** Where a person has to agree before the rollout goes on. @default nowhere */
        approvals: z
          .strictObject({
            /** Before the candidate serves at all, before it is promoted, or before these percentages of the traffic. */
            before: z
              .array(z.union([z.enum(['first-step', 'promotion']), z.number().int().min(1).max(100)]))
              .min(1)
              .max(22),
            /** Nobody can decide after it. */
            expiryHours: z.number().positive().max(720),
            onExpiry: z.enum(['roll-back', 'proceed']),
            reminderHours: z.number().min(1).max(720),
          })
          .optional(),
        /** Whether a newer candidate that is deployed meanwhile takes its place. @default supersede-before-first-step */
        onNewerCandidate: z.enum(['refuse', 'supersede-before-first-step', 'supersede']).optional(),
        /** Of a promoted version that breaches while the withdrawn one still scores in shadow. @default nothing */
        onBreachAfterPromotion: z.enum(['nothing', 'roll-back']).optional(),
        /** A version, such as a heuristic, that may serve when no champion can. @default none */
        fallbackVersion: z.number().int().min(1).optional(),
      })
      .refine(
        ({ steps, approvals }) =>
          (approvals?.before ?? []).every((gate) => typeof gate === 'string' || steps.includes(gate)),
        { error: 'expected approvals before percentages that are steps', path: ['approvals', 'before'] },
      ),
  })
  .meta({ id: 'Policy' });

export type Policy = z.infer<typeof policySchema>;

// Design section 3: evaluation interval by tier; the higher the tier number, the later and looser the action.
const byTier: Readonly<Record<Tier, { interval: number; cooldownDays: number; holdHours: number }>> = {
  1: { interval: 5, cooldownDays: 1, holdHours: 4 },
  2: { interval: 15, cooldownDays: 2, holdHours: 4 },
  3: { interval: 30, cooldownDays: 7, holdHours: 6 },
  4: { interval: 45, cooldownDays: 14, holdHours: 12 },
};

/** The policy of a model whose owner set none. */
export function defaultPolicy(tier: Tier): Policy {
  const { interval, cooldownDays, holdHours } = byTier[tier];
  return {
    evaluationIntervalMinutes: interval,
    windowDays: 7,
    minimumRows: 30,
    significance: 0.001,
    signals: {
      age: { weight: 1, decisive: false, warningDays: 21, breachDays: 60 },
      dataDrift: {
        weight: 2,
        decisive: true,
        psiWarning: 0.1,
        psiBreach: 0.25,
        maximumFeatures: 200,
        effectAt: 'point',
      },
      predictionDrift: { weight: 1, decisive: false, klWarning: 0.05, klBreach: 0.15, psiBreach: null },
      performance: {
        weight: 4,
        decisive: true,
        aucDrop: 0.05,
        logLossSkillDrop: 0.05,
        calibrationBias: 0.05,
        rmseIncreaseRatio: 0.2,
        minimumCoverageRatio: 0.8,
      },
      conceptDrift: { weight: 1, decisive: false, lossIncreaseRatio: 0.1 },
      trainServeSkew: { weight: 0, decisive: false },
      estimatedPerformance: { weight: 0, decisive: false },
      embeddingInstability: { weight: 1, decisive: false },
      downstreamHealth: { weight: 1, decisive: false },
    },
    shortWindow: { enabled: true, minimumHours: 1 },
    fleetControl: true,
    hysteresis: { clearEvaluations: 2, clearRatio: 0.8 },
    deprecationProposalDays: 60,
    stalenessThreshold: 0.6,
    retraining: { onPerformance: true, onDrift: true, backstopDays: 30, cooldownDays, trainingTimeoutHours: 24 },
    validation: { nonInferiorityMarginRatio: 0.02, minimumHoldoutRows: 500 },
    rollout: {
      steps: [5, 20, 50, 100],
      holdHours,
      maximumHoldHours: holdHours * 6,
      onInconclusive: 'roll-back',
      nonInferiorityMarginRatio: 0.02,
      businessDropRatio: 0.03,
      minimumRowsPerArm: 200,
      businessMetricRequired: true,
      shadowDaysAfterPromotion: 7,
      ...(tier === 1 && {
        approvals: { before: ['first-step', 'promotion'], expiryHours: 72, onExpiry: 'roll-back', reminderHours: 24 },
      }),
    },
  };
}
