import { createPermissions, type Decision, type Permissions } from '../../local/permissions/permissions.ts';
import type { Grant } from '../../local/permissions/statement.ts';
import { loadTemplate } from '../../local/template/load-template.ts';
import type { ResolvedResource } from '../../local/types.ts';

const nowhere = 'http://127.0.0.1:1';
const addresses = { apiUrl: nowhere, cdnUrl: nowhere, issuerUrl: nowhere, servicesUrl: nowhere };

export const textOf = ({ holder, action, resource }: Grant): string => `${holder}: ${action} on ${resource}`;

export type GrantBook = {
  /** Without repetitions. */
  readonly grants: readonly Grant[];
  /** What the template would permit if the grant were deleted from it. */
  without(grant: Grant): Permissions;
};

/** Everything that the assembly's policies allow. */
export function openGrantBook(assembly: string): GrantBook {
  const { resources } = loadTemplate({ assembly, addresses });
  const byType = Map.groupBy(resources, ({ type }) => type);
  const { grants } = createPermissions((type) => byType.get(type) ?? []);
  return {
    grants: [...new Map(grants.map((grant) => [textOf(grant), grant])).values()],
    without(grant) {
      const isHolder = holderTest(grant, byType);
      return createPermissions((type) =>
        (byType.get(type) ?? []).map((resource) => (isHolder(resource) ? cut(resource, grant) : resource)),
      );
    },
  };
}

/** A grant is held by a role, in a policy of its own or one attached to it, or by a resource's policy. */
function holderTest({ holder }: Grant, byType: ReadonlyMap<string, readonly ResolvedResource[]>) {
  const role = byType.get('AWS::IAM::Role')?.find(({ logicalId }) => logicalId === holder);
  return ({ logicalId, type, properties }: ResolvedResource) =>
    logicalId === holder ||
    (type === 'AWS::IAM::Policy' && role !== undefined && [properties.Roles].flat().includes(role.physicalName));
}

/** The resource with the grant taken out of each of its statements. */
function cut(resource: ResolvedResource, grant: Grant): ResolvedResource {
  if (resource.type === 'AWS::Lambda::Permission')
    return { ...resource, properties: { ...resource.properties, Action: 'lambda:Nothing' } };
  const properties = Object.entries(resource.properties).map(([name, value]) =>
    name === 'PolicyDocument' || name === 'Policies' ? [name, cutStatements(value, grant)] : [name, value],
  );
  return { ...resource, properties: Object.fromEntries(properties) };
}

function cutStatements(value: unknown, grant: Grant): unknown {
  if (Array.isArray(value)) return value.map((item) => cutStatements(item, grant));
  if (typeof value !== 'object' || value === null) return value;
  const { Statement, PolicyDocument } = value as Record<string, unknown>;
  if (PolicyDocument !== undefined) return { ...value, PolicyDocument: cutStatements(PolicyDocument, grant) };
  return { ...value, Statement: [Statement].flat().flatMap((statement) => cutOne(Object(statement), grant)) };
}

type Raw = { readonly Effect: string; readonly Action: string | string[]; readonly Resource?: string | string[] };

/** Up to two statements: the other actions on all resources, and the action on the other resources. */
function cutOne(statement: Raw, { action, resource }: Grant): readonly Raw[] {
  const actions = [statement.Action].flat();
  const resources = [statement.Resource ?? '*'].flat();
  if (statement.Effect !== 'Allow' || !actions.includes(action) || !resources.includes(resource)) return [statement];
  const others = { ...statement, Action: actions.filter((name) => name !== action) };
  const elsewhere = { ...statement, Action: action, Resource: resources.filter((name) => name !== resource) };
  return [others, elsewhere].filter(({ Action, Resource }) => Action.length > 0 && Resource?.length !== 0);
}

/** The first of the calls that would be refused. */
export function firstRefusal(permissions: Permissions, calls: Iterable<Decision>): string | undefined {
  for (const { principal, action, resource, context } of calls) {
    const { refusal } = permissions.decide(principal, action, resource, context);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
