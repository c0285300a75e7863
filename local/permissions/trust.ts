import { unsupported } from '../services/properties.ts';
import { account, region } from '../template/identities.ts';
import type { ResolvedResource } from '../types.ts';
import type { Permissions } from './permissions.ts';

/** Who takes the role of each kind of resource, and where the resource names it. */
const takers = [
  { type: 'AWS::Lambda::Function', service: 'lambda.amazonaws.com', roleOf: ({ Role }: Properties) => Role },
  {
    type: 'AWS::StepFunctions::StateMachine',
    service: 'states.amazonaws.com',
    roleOf: ({ RoleArn }: Properties) => RoleArn,
  },
  {
    type: 'AWS::Scheduler::Schedule',
    service: 'scheduler.amazonaws.com',
    roleOf: ({ Target }: Properties) => Object(Target).RoleArn,
    sourceArn: `arn:aws:scheduler:${region}:${account}:schedule-group/default`,
  },
] as const;
type Properties = ResolvedResource['properties'];

/** Throws an Error naming the first resource whose role is not in the template or does not trust its service. */
export function assertTrusts(ofType: (type: string) => readonly ResolvedResource[], permissions: Permissions): void {
  for (const { type, service, roleOf, ...rest } of takers) {
    const sourceArn = 'sourceArn' in rest ? { 'aws:sourcearn': rest.sourceArn } : {};
    for (const resource of ofType(type)) {
      const arn = String(roleOf(resource.properties));
      const role = permissions.role(arn);
      if (role === undefined) throw unsupported(resource, `its role ${arn} is not in the template`);
      if (!role.trusts(service, { ...sourceArn, 'aws:sourceaccount': account }))
        throw unsupported(resource, `its role ${arn} does not trust ${service}`);
    }
  }
}
