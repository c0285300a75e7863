import type { Actor } from '../domain/actor.ts';

/** Who calls a route without authoriser. */
export const anonymous: Actor = { id: 'anonymous', kind: 'person', roles: [], teams: [] };

const serviceRoles = new Set(['trainer', 'label-writer', 'prediction-writer', 'graph-importer']);

/**
 * The actor a token's verified claims stand for: `sub`, and one role per entry of `cognito:groups` (`editor:flights`); or
 * the claims that SUBJECT_CLAIM and ROLES_CLAIM name, which a stage with another issuer sets. Claims of any other name or shape are ignored. An actor whose roles are all service roles is a service.
 */
export function actorFromClaims(claims: Readonly<Record<string, unknown>>): Actor {
  const roles = groupsOf(claims[process.env.ROLES_CLAIM ?? 'cognito:groups']);
  const teams = [...new Set(roles.flatMap((role) => role.split(':')[1] ?? []))];
  const isService = roles.length > 0 && roles.every((role) => serviceRoles.has(role.split(':')[0] ?? ''));
  const subject = claims[process.env.SUBJECT_CLAIM ?? 'sub'];
  return {
    id: typeof subject === 'string' ? subject : 'anonymous',
    kind: isService ? 'service' : 'person',
    roles,
    teams,
  };
}

// API Gateway renders an array claim as the text `[a b]`; one group alone may come as plain text.
function groupsOf(claim: unknown): readonly string[] {
  if (Array.isArray(claim)) return claim.filter((group) => typeof group === 'string');
  if (typeof claim !== 'string') return [];
  return claim
    .replace(/^\[|\]$/g, '')
    .split(/[\s,]+/)
    .filter((group) => group !== '');
}
