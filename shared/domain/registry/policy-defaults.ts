import * as z from '../zod.ts';
import { defaultPolicy, type Policy, policySchema } from './policy.ts';
import type { Tier } from './schemas.ts';

const tiers: readonly Tier[] = [1, 2, 3, 4];

/**
 * What a team's models begin with where it differs from their tier's policy, merged into it. As in a JSON merge patch
 * (RFC 7396) null takes away a section that the tier sets; of a threshold it is the value that switches the test off.
 */
export type PolicyDefaults = Readonly<Record<string, unknown>>;

export const policyDefaultsSchema = z.record(z.string(), z.unknown());

/** Head of the stream `policy-defaults#<team>`. */
export type PolicyDefaultsState = { readonly team: string; readonly defaults: PolicyDefaults };

export type PolicyDefaultsEvent = {
  readonly type: 'PolicyDefaultsSet';
  readonly schemaVersion: 1;
  readonly team: string;
  readonly defaults: PolicyDefaults;
};

/** The policy of a new model of the tier; throws `ZodError` when the two together are no policy. */
export function policyFor(tier: Tier, defaults: PolicyDefaults): Policy {
  return policySchema.parse(merged(defaultPolicy(tier), defaults));
}

export type DefaultsProblem = { readonly tier: Tier; readonly error: z.ZodError };

/** What is wrong with them, of the first tier where something is. */
export function problemOf(defaults: PolicyDefaults): DefaultsProblem | undefined {
  for (const tier of tiers) {
    const { error } = policySchema.safeParse(merged(defaultPolicy(tier), defaults));
    if (error !== undefined) return { tier, error };
  }
  return undefined;
}

function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const entries = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    const present = entries.get(key);
    const isThreshold = typeof present === 'number' || present === null;
    if (value === null && !isThreshold) entries.delete(key);
    else entries.set(key, merged(present, value));
  }
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
