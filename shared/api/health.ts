import { signalNames } from '../domain/health/evaluation.ts';
import { alertBudgetSchema } from '../domain/health/team.ts';
import { policySchema } from '../domain/registry/policy.ts';
import { modelIdSchema, teamSchema } from '../domain/registry/schemas.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const modelParams = z.strictObject({ modelId: modelIdSchema });

const signalName = z.enum(signalNames);
const verdict = z.enum(['healthy', 'at-risk', 'unknown']);
const signalVerdict = z.enum(['ok', 'warning', 'breach', 'insufficient-data']);
const figure = z.number().nullable();

const signalPart = z.object({
  name: z.string(),
  value: figure,
  reference: figure,
  evidence: figure,
  verdict: signalVerdict,
  reason: z.string(),
  /** Sudden breaks are looked for in a short window, slow ones in the long one. @default long */
  window: z.enum(['short', 'long']).optional(),
  /** Of the rows it is about; all rows when absent. */
  segment: z.string().optional(),
  /** Effect as a share of its breach limit. */
  effect: figure.optional(),
  /** 95 %, of the effect in the part's own unit. */
  interval: z.object({ low: z.number(), high: z.number() }).optional(),
  /** Shift that the reference shows against itself, in the same unit; below it nothing breaches. */
  effectFloor: z.number().optional(),
  n: z.number().optional(),
  /** null: no number of rows would do. */
  nNeeded: figure.optional(),
  /** Rows tell as much as n / designEffect independent ones. */
  designEffect: z.number().optional(),
  /** Blocks of time behind the evidence; absent when rows are taken as independent. */
  blocks: z.object({ reference: z.number(), current: z.number() }).optional(),
  /** Significance level of this test, from the team's budget. */
  alpha: z.number().optional(),
  /** Benjamini & Hochberg 1995, over the model's tests of this evaluation. Information, decides nothing. */
  qValue: z.number().optional(),
});

const signal = z
  .object({
    name: signalName,
    value: figure,
    unit: z.string(),
    score: figure,
    evidence: figure,
    effect: figure,
    n: z.number(),
    nNeeded: z.number(),
    /** Share of the labels expected by now that have come, of the cohorts it rests on; absent where none are needed. */
    maturity: z.number().optional(),
    verdict: signalVerdict,
    reason: z.string(),
    /** From a sudden break to its evidence, at the traffic of the last hours; null while there is none. */
    detectionHours: figure.optional(),
    parts: z.array(signalPart),
  })
  .meta({ id: 'Signal' });

const cause = z.enum([...signalName.options, 'staleness-score']);

const explanation = z
  .object({
    causes: z.array(
      z.object({
        cause,
        since: instantSchema,
        reason: z.string(),
        /** The worst, at most five. */
        parts: z.array(
          signalPart.pick({
            name: true,
            window: true,
            segment: true,
            value: true,
            effect: true,
            verdict: true,
            reason: true,
          }),
        ),
      }),
    ),
    /** What would change the verdict or make it more certain, the most decisive first. */
    wouldChange: z.array(z.string()),
  })
  .meta({ id: 'Explanation' });

const supply = {
  /** `idle`: nothing was predicted. `immature`: labels are on their way. `short`: too few came. */
  status: z.enum(['idle', 'unknown', 'immature', 'short', 'sufficient']),
  /** Of the hours whose labels ought to have come: labels, and labels expected by now, over predictions. */
  labelledRatio: figure,
  expectedRatio: figure,
  /** Labels that came over those expected. */
  receivedRatio: figure,
};
const labels = z.object({
  ...supply,
  maturity: figure,
  /** Hours whose labels ought to have come and did not. */
  shortHours: z.number().int(),
  segments: z.array(z.object({ segment: z.string(), ...supply })),
});

const evaluation = z
  .object({
    evaluationId: z.string(),
    modelId: modelIdSchema,
    version: z.number(),
    evaluatedAt: instantSchema,
    kind: z.enum(['scheduled', 'on-demand']),
    window: z.object({ from: instantSchema, to: instantSchema }),
    policyVersion: z.number(),
    policy: policySchema,
    signals: z.array(signal),
    stalenessScore: figure,
    verdict,
    confidence: z.object({ level: z.enum(['high', 'medium', 'low']), reasons: z.array(z.string()) }),
    causes: z.array(cause),
    /** Behind the causes: since when, and how many trusted evaluations in a row have found each clear. */
    breaches: z
      .array(z.object({ cause, since: instantSchema, clearEvaluations: z.number(), parts: z.array(z.string()) }))
      .optional(),
    /** Share of each signal in the staleness score. */
    contributions: z
      .array(z.object({ name: signalName, weight: z.number(), score: figure, contribution: figure }))
      .optional(),
    /** The levels of the tests, and all that they follow from; absent when the policy takes `significance`. */
    alertBudget: z
      .object({
        falseAlarmsPerWeek: z.number(),
        testsOfTeam: z.number(),
        looksPerWeek: z.object({ short: z.number(), long: z.number() }),
        alphaShort: z.number(),
        alphaLong: z.number(),
      })
      .optional(),
    explanation: explanation.optional(),
    coverageRatio: figure,
    /** Whether the labels that ought to be there by now are; absent while it is not known when labels come. */
    labels: labels.optional(),
    summary: z.string(),
  })
  .meta({ id: 'Evaluation' });

const modelHealth = z
  .object({
    modelId: modelIdSchema,
    /** Of the latest scheduled evaluation of the champion. */
    verdict,
    summary: z.string(),
    /** What would have to be there for a verdict, or for a more confident one. */
    missing: z.array(z.string()),
    /** What the model's lifecycle rests on: the last verdict that could be trusted. */
    health: z.object({
      status: z.enum(['unknown', 'healthy', 'at-risk']),
      since: instantSchema,
      evaluationId: z.string().optional(),
    }),
    evaluation: evaluation.optional(),
  })
  .meta({ id: 'ModelHealth' });

export const evaluateModel = operation({
  id: 'evaluateModel',
  summary: 'Evaluate the champion now, or as of a past moment. Informs only: neither alerts nor moves the lifecycle.',
  params: modelParams,
  body: z.strictObject({ asOf: instantSchema.optional() }),
  response: evaluation,
  status: 201,
  errors: ['unknown-model', 'no-champion', 'as-of-in-future', 'as-of-before-model'],
});

export const listEvaluations = operation({
  id: 'listEvaluations',
  summary: "A model's evaluations, newest first, each with everything its verdict rests on.",
  params: modelParams,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(20),
    cursor: z.string().max(1_000).optional(),
  }),
  response: z.object({ items: z.array(evaluation), cursor: z.string().optional() }),
  errors: ['unknown-model', 'invalid-cursor'],
});

export const getHealth = operation({
  id: 'getHealth',
  summary: 'Is the model still good, how sure is Runway, and what is missing. Never evaluated is `unknown`, not 404.',
  params: modelParams,
  response: modelHealth,
  errors: ['unknown-model'],
});

const teamParams = z.strictObject({ team: teamSchema });
const teamBudget = alertBudgetSchema.extend({ team: teamSchema }).meta({ id: 'TeamAlertBudget' });

export const getAlertBudget = operation({
  id: 'getAlertBudget',
  summary: 'How many false alarms per week a team accepts of all its models together; 1 until it says otherwise.',
  params: teamParams,
  response: teamBudget,
});

export const setAlertBudget = operation({
  id: 'setAlertBudget',
  summary: "Set a team's budget of false alarms. The tests of its models take their levels from it, from now on.",
  params: teamParams,
  body: alertBudgetSchema,
  response: teamBudget,
  errors: ['precondition-failed'],
});
