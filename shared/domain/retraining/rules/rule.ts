import * as z from '../../zod.ts';

export const ruleActions = ['retrain', 'alert', 'propose-deprecation', 'nothing'] as const;
export type RuleAction = (typeof ruleActions)[number];

/** Characters of a condition. Rules are recorded with every evaluation and decision, so all of them stay below 20 kB. */
export const maximumWhenLength = 500;
export const maximumRules = 20;
/** The rule that every policy has, whatever else it says. */
export const backstopName = 'backstop';

/**
 * What to do when a condition holds. Rules are asked by ascending `priority`, equal ones in their order; the first that
 * matches decides.
 */
export const ruleSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,59}$/, 'expected up to 60 lower-case letters, digits or hyphens, starting with a letter')
    .refine((name) => name !== backstopName, `expected another name, every policy has its own rule ${backstopName}`),
  /** CEL, of type bool; docs/policies.md lists the variables. */
  when: z.string().min(1).max(maximumWhenLength),
  then: z.enum(ruleActions),
  /** 1 is asked first. */
  priority: z.number().int().min(1).max(1_000),
  /** For people: why the owner wants it so. */
  reason: z.string().min(1).max(200),
});

export const ruleListSchema = z
  .array(ruleSchema)
  .max(maximumRules, `expected at most ${maximumRules} rules`)
  .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, 'names of rules must be unique');

export type Rule = z.infer<typeof ruleSchema>;

/** In the order in which they are asked. */
export function inOrder<R extends Pick<Rule, 'priority'>>(rules: readonly R[]): readonly R[] {
  return rules.toSorted((a, b) => a.priority - b.priority);
}
