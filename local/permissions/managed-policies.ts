import type { RawStatement } from './statement.ts';

const allow = (...actions: readonly string[]): RawStatement => ({
  Effect: 'Allow',
  Action: [...actions],
  Resource: ['*'],
  Condition: {},
});

/** AWS's managed policies that the template attaches. Source: AWS managed policy reference. */
export const managedPolicies: Readonly<Record<string, RawStatement>> = {
  'service-role/AWSLambdaBasicExecutionRole': allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'),
  'service-role/AWSLambdaVPCAccessExecutionRole': allow(
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ),
};
