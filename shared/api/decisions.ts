import { policySchema } from '../domain/registry/policy.ts';
import { modelIdSchema } from '../domain/registry/schemas.ts';
import { ruleActions } from '../domain/retraining/rules/rule.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const modelParams = z.strictObject({ modelId: modelIdSchema });
const action = z.enum(ruleActions);
const matched = z.object({ name: z.string(), then: action, reason: z.string() });

const decision = z
  .object({
    decisionId: z.string(),
    /** `retrained because …`, `held because …` */
    words: z.string(),
    decision: z.object({
      action: z.enum([...ruleActions, 'hold']),
      reason: z.string(),
      /** Of a hold: cooldown, freeze, budget, off-peak, rule-error, no-match, … */
      holdKind: z.string().optional(),
      /** The rule that decides, then those that add their cause. */
      matched: z.array(matched),
      /** What is to be told although the action is another. */
      besides: matched.optional(),
      /** What every rule said, in the order in which they are asked. */
      asked: z.array(
        z.object({
          name: z.string(),
          result: z.enum(['match', 'no-match', 'missing', 'error']),
          /** What was missing. */
          path: z.string().optional(),
          /** Why it could not be evaluated. */
          reason: z.string().optional(),
        }),
      ),
    }),
    /** Everything it rests on: rules, variables, settings, the model's state. */
    facts: z
      .object({
        modelId: modelIdSchema,
        decidedAt: instantSchema,
        policyVersion: z.number(),
        rules: z.array(matched.extend({ when: z.string(), priority: z.number(), cause: z.string() })),
        variables: z.record(z.string(), z.unknown()),
      })
      .loose(),
    /** Made again from its facts it is the same to the last bit; if not, what came out differently. */
    replay: z.object({ isIdentical: z.boolean(), differences: z.array(z.string()) }),
  })
  .meta({ id: 'RetrainingDecision' });

export const listDecisions = operation({
  id: 'listDecisions',
  summary: 'What was decided about retraining a model, newest first: the last decision, and each that differed.',
  params: modelParams,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(50).default(20),
    cursor: z
      .string()
      .regex(/^[1-9]\d{0,8}$/, 'expected the cursor of the page before')
      .optional(),
  }),
  response: z.object({ items: z.array(decision), cursor: z.string().optional() }),
  errors: ['unknown-model'],
});

export const dryRunPolicy = operation({
  id: 'dryRunPolicy',
  summary: 'What would be decided about retraining a model now, under its policy or another. Changes nothing.',
  params: modelParams,
  body: z.strictObject({ policy: policySchema.optional() }).default({}),
  response: decision,
  errors: ['unknown-model', 'invalid-rule'],
});

const policyVersion = z.object({ policyVersion: z.number(), since: instantSchema, by: z.string() });

export const comparePolicies = operation({
  id: 'comparePolicies',
  summary: 'What changed between two versions of a policy, value by value.',
  params: modelParams.extend({ policyVersion: z.coerce.number().int().min(1).max(1_000_000) }),
  query: z.strictObject({
    /** @default the present one */
    to: z.coerce.number().int().min(1).max(1_000_000).optional(),
  }),
  response: z.object({
    modelId: modelIdSchema,
    from: policyVersion,
    to: policyVersion,
    changes: z.array(z.object({ path: z.string(), from: z.unknown(), to: z.unknown() })),
  }),
  errors: ['unknown-model', 'unknown-policy-version'],
});
