/** One statement of a role's policy. */
export const allow = (actions: readonly string[], ...resources: readonly (object | string)[]) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
});

/** A role that a service, e.g. `lambda`, takes. */
export function roleFor(service: string, ...Statement: readonly object[]) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: `${service}.amazonaws.com` } }],
      },
      Policies: [{ PolicyName: 'own', PolicyDocument: { Statement } }],
    },
  };
}
