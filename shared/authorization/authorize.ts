import type { Actor } from '../domain/actor.ts';
import { RunwayError } from '../domain/errors.ts';
import type { OperationId } from '../routes.ts';
import { preparsePolicySet, statefulIsAuthorized } from './cedar.ts';
import { actionGroups, policies } from './policies.ts';

/** What is acted on. Without `team` only rights that hold for every team count. */
export type Resource = {
  readonly modelId?: string | undefined;
  readonly team?: string | undefined;
  /** Ids of those to whom it was delegated. */
  readonly delegates?: readonly string[] | undefined;
};

const policySetId = 'runway';
const parsed = preparsePolicySet(policySetId, { staticPolicies: policies });
if (parsed.type === 'failure') throw new Error(`the policies do not parse: ${JSON.stringify(parsed.errors)}`);

/** Whether a policy permits it. */
export function isAuthorized(actor: Actor, action: OperationId, resource: Resource): boolean {
  const uids = {
    principal: { type: 'Actor', id: actor.id },
    action: { type: 'Action', id: action },
    resource: { type: 'Resource', id: resource.modelId ?? '' },
  };
  const answer = statefulIsAuthorized({
    ...uids,
    context: {},
    preparsedPolicySetId: policySetId,
    entities: [
      { uid: uids.principal, attrs: rightsOf(actor), parents: [] },
      { uid: uids.action, attrs: {}, parents: groupsOf(action).map((id) => ({ type: 'Action', id })) },
      { uid: uids.resource, attrs: attributesOf(resource), parents: [] },
    ],
  });
  // A policy that cannot be evaluated must not leave the others to decide.
  return (
    answer.type === 'success' && answer.response.diagnostics.errors.length === 0 && answer.response.decision === 'allow'
  );
}

/** Throws `NotAuthorized` unless a policy permits it. */
export function authorizeOrThrow(actor: Actor, action: OperationId, resource: Resource): void {
  if (isAuthorized(actor, action, resource)) return;
  const where = resource.team === undefined ? '' : ` for team ${resource.team}`;
  throw new RunwayError('NotAuthorized', 'not-authorized', `no role of ${actor.id} permits ${action}${where}`);
}

function attributesOf({ team, delegates }: Resource) {
  return { ...(team !== undefined && { team }), ...(delegates !== undefined && { delegates: [...delegates] }) };
}

function rightsOf(actor: Actor) {
  const teamsWith = (role: string) =>
    actor.roles.flatMap((text) => (text.startsWith(`${role}:`) ? [text.slice(role.length + 1)] : []));
  return {
    name: actor.id,
    roles: [...actor.roles],
    editorOf: teamsWith('editor'),
    approverOf: teamsWith('approver'),
    trainerOf: teamsWith('trainer'),
    labelWriterOf: teamsWith('label-writer'),
    predictionWriterOf: teamsWith('prediction-writer'),
  };
}

function groupsOf(action: OperationId): readonly string[] {
  return Object.entries(actionGroups).flatMap(([group, actions]) =>
    actions.some((id) => id === action) ? [group] : [],
  );
}
