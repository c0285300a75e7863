import { account } from '../template/identities.ts';
import type { ResolvedResource } from '../types.ts';
import type { RequestContext } from './condition.ts';
import { readResourcePolicies } from './resource-policy.ts';
import { type Role, readRoles } from './role.ts';
import type { Grant, Principal, Statement } from './statement.ts';

/** One decided call: who did what to which resource, and the grant that allowed it. */
export type Decision = {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
  /** The allowing grant; undefined for the account's root, and when the call is refused. */
  readonly grant: Grant | undefined;
  /** AWS's sentence; undefined when the call is allowed. */
  readonly refusal: string | undefined;
};

/** IAM over the template's roles and resource policies. */
export interface Permissions {
  decide(principal: Principal, action: string, resource: string, context?: RequestContext): Decision;
  role(arn: string): Role | undefined;
  /** Everything that is allowed anywhere. */
  readonly grants: readonly Grant[];
}

/** Owns the account: whoever holds the customer's own credentials (`cloud.sdkEnvironment()`). */
export const root: Principal = `arn:aws:iam::${account}:root`;

/** Loopback stands for TLS. */
const always: RequestContext = { 'aws:securetransport': 'true', 'aws:sourceaccount': account };
const maximumRemembered = 20_000;

/**
 * Compiles every policy once and remembers decisions; `onDecision` hears of each call, also of a remembered one. Throws
 * an Error naming the resource whose policy is not emulated.
 */
export function createPermissions(
  ofType: (type: string) => readonly ResolvedResource[],
  onDecision: (decision: Decision) => void = () => undefined,
): Permissions {
  const roles = readRoles(ofType);
  const resourcePolicies = readResourcePolicies(ofType);
  const remembered = new Map<string, Decision>();

  function evaluate(principal: Principal, action: string, resource: string, context: RequestContext): Decision {
    const statements = [...(roles.get(principal)?.statements ?? []), ...resourcePolicies];
    const find = (effect: Statement['effect']) => {
      for (const statement of statements) {
        if (statement.effect !== effect) continue;
        const grant = statement.match(principal, action, resource, { ...always, ...context });
        if (grant !== undefined) return grant;
      }
      return undefined;
    };
    const call = { principal, action, resource, context };
    if (find('Deny') !== undefined)
      return { ...call, grant: undefined, refusal: sentence(call, 'with an explicit deny') };
    const grant = find('Allow');
    if (grant !== undefined || principal === root) return { ...call, grant, refusal: undefined };
    return { ...call, grant, refusal: sentence(call, 'because no policy allows it') };
  }

  return {
    role: (arn) => roles.get(arn),
    grants: [...[...roles.values()].flatMap(({ statements }) => statements), ...resourcePolicies]
      .filter(({ effect }) => effect === 'Allow')
      .flatMap(({ grants }) => grants),
    decide(principal, action, resource, context = {}) {
      const key = [principal, action, resource, ...Object.values(context)].join('\n');
      let decision = remembered.get(key);
      if (decision === undefined) {
        if (remembered.size >= maximumRemembered) remembered.clear();
        decision = evaluate(principal, action, resource, context);
        remembered.set(key, decision);
      }
      onDecision(decision);
      return decision;
    },
  };
}

type Call = { readonly principal: Principal; readonly action: string; readonly resource: string };

function sentence({ principal, action, resource }: Call, reason: string): string {
  return `${principal} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
}
