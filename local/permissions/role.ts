import * as z from 'zod';
import { parseProperties, unsupported } from '../services/properties.ts';
import type { ResolvedResource } from '../types.ts';
import type { RequestContext } from './condition.ts';
import { managedPolicies } from './managed-policies.ts';
import { compileStatement, documentSchema, type RawStatement, type Statement } from './statement.ts';

export type Role = {
  readonly arn: string;
  readonly statements: readonly Statement[];
  /** Whether a service, e.g. `lambda.amazonaws.com`, may take the role. */
  trusts(service: string, context: RequestContext): boolean;
};

const inline = z.array(z.object({ PolicyDocument: documentSchema })).default([]);
const roleProperties = z.object({
  AssumeRolePolicyDocument: documentSchema,
  Policies: inline,
  ManagedPolicyArns: z.array(z.string()).default([]),
});
const policyProperties = z.object({ PolicyDocument: documentSchema, Roles: z.array(z.string()).default([]) });

/** The template's roles by ARN. Throws an Error naming the role and what of its policies is not emulated. */
export function readRoles(ofType: (type: string) => readonly ResolvedResource[]): ReadonlyMap<string, Role> {
  const attached = ofType('AWS::IAM::Policy').map((policy) => parseProperties(policy, policyProperties));
  return new Map(
    ofType('AWS::IAM::Role').map((role) => {
      const documents = attached.filter(({ Roles }) => Roles.includes(role.physicalName));
      return [role.arn, readRole(role, documents)];
    }),
  );
}

type Attached = { readonly PolicyDocument: z.output<typeof documentSchema> };

function readRole(role: ResolvedResource, attached: readonly Attached[]): Role {
  const { AssumeRolePolicyDocument, Policies, ManagedPolicyArns } = parseProperties(role, roleProperties);
  const own = [...Policies, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  const managed = ManagedPolicyArns.map((arn) => managedStatement(role, arn));
  const trusting = compileAll(role, AssumeRolePolicyDocument.Statement);
  return {
    arn: role.arn,
    statements: compileAll(role, [...own, ...managed]),
    trusts: (service, context) =>
      trusting.some((statement) => statement.match(service, 'sts:AssumeRole', '*', context) !== undefined),
  };
}

function managedStatement(role: ResolvedResource, arn: string): RawStatement {
  const statement = managedPolicies[arn.replace(/^arn:aws:iam::aws:policy\//, '')];
  if (statement === undefined) throw unsupported(role, `managed policy ${arn} is not emulated`);
  return statement;
}

export function compileAll(holder: ResolvedResource, raw: readonly RawStatement[]): readonly Statement[] {
  try {
    return raw.map((statement) => compileStatement(holder.logicalId, statement));
  } catch (error) {
    throw unsupported(holder, error instanceof Error ? error.message : String(error));
  }
}
