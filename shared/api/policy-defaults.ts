import { policyDefaultsSchema } from '../domain/registry/policy-defaults.ts';
import { teamSchema } from '../domain/registry/schemas.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const params = z.strictObject({ team: teamSchema });
const defaults = policyDefaultsSchema.meta({
  description:
    'what differs from the policy of the tier; null takes away a section that the tier sets, and switches a threshold off',
});
const response = z.object({ team: teamSchema, defaults }).meta({ id: 'PolicyDefaults' });

export const getPolicyDefaults = operation({
  id: 'getPolicyDefaults',
  summary:
    "What a team's new models begin with where it differs from the policy of their tier; nothing until it says so.",
  params,
  response,
});

export const setPolicyDefaults = operation({
  id: 'setPolicyDefaults',
  summary:
    "Replace a team's policy defaults. Models that are registered from now on begin with them; the others keep theirs.",
  params,
  body: defaults,
  response,
  errors: ['precondition-failed', 'invalid-policy-defaults', 'invalid-rule'],
});
