import { secretArn } from '../services/secrets.ts';
import { executionOfToken } from '../step-functions/task-token.ts';
import { type ResolvedResource, ServiceError } from '../types.ts';
import { type Action, arn, listOf, type ServiceRequest, textOf } from './action.ts';
import { dynamoDbActions, dynamoDbStreamActions } from './dynamodb-actions.ts';
import { type HasObject, s3Actions } from './s3-actions.ts';

/** What a request needs to be allowed, or a `ServiceError` for one whose action is not known. */
export type ActionsOf = (request: ServiceRequest) => readonly Action[];

/** By the service name of the signature. `secrets` are found by name or ARN, as clients give either. */
export function createServiceActions(
  secrets: readonly ResolvedResource[],
  hasObject: HasObject,
  clusters: readonly ResolvedResource[] = [],
  workGroups: readonly ResolvedResource[] = [],
): Readonly<Record<string, ActionsOf>> {
  const arnOfSecret = (id: string) =>
    secrets.find(({ arn: known, physicalName }) => [known, physicalName].includes(id))?.arn ??
    (id.startsWith('arn:') ? id : secretArn(id));
  return {
    athena: athenaActions(workGroups),
    dynamodb: (request) =>
      String(request.headers['x-amz-target']).startsWith('DynamoDBStreams')
        ? dynamoDbStreamActions(request)
        : dynamoDbActions(request),
    events: ({ operation, input }) =>
      listOf(input, 'Entries').map((entry) => ({
        action: `events:${operation}`,
        resource: eventBusArn(String(Object(entry).EventBusName ?? 'default')),
      })),
    kinesis: ({ operation, input }) => [{ action: `kinesis:${operation}`, resource: streamArn(input) }],
    'neptune-db': neptuneActions(clusters),
    s3: (request) => s3Actions(request, hasObject),
    secretsmanager: ({ operation, input }) => [
      {
        action: `secretsmanager:${operation}`,
        resource: arnOfSecret(textOf(input, operation === 'CreateSecret' ? 'Name' : 'SecretId')),
      },
    ],
    sqs: ({ operation, input }) => [sqsAction(operation, input)],
    states: ({ operation, input }) => [statesAction(operation, input)],
  };
}

const eventBusArn = (nameOrArn: string) =>
  nameOrArn.startsWith('arn:') ? nameOrArn : arn('events', `event-bus/${nameOrArn}`);

function streamArn(input: ServiceRequest['input']): string {
  if (typeof input.StreamARN === 'string') return input.StreamARN;
  return typeof input.StreamName === 'string' ? arn('kinesis', `stream/${input.StreamName}`) : '*';
}

/** A batch needs the permission of its single form. */
function sqsAction(operation: string, input: ServiceRequest['input']): Action {
  const action = `sqs:${operation.replace(/Batch$/, '')}`;
  if (operation === 'ListQueues') return { action, resource: '*' };
  const queue = operation === 'GetQueueUrl' ? textOf(input, 'QueueName') : textOf(input, 'QueueUrl').split('/').at(-1);
  return { action, resource: arn('sqs', queue ?? '') };
}

/** Who answers a task needs the permission on its machine, which the token names. */
function statesAction(operation: string, input: ServiceRequest['input']): Action {
  const token = typeof input.taskToken === 'string' ? executionOfToken(input.taskToken) : undefined;
  const machine = token?.replace(':execution:', ':stateMachine:').replace(/:[^:]+$/, '');
  const named = machine ?? input.stateMachineArn ?? input.executionArn;
  return { action: `states:${operation}`, resource: typeof named === 'string' ? named : '*' };
}

/** Queries are granted by their workgroup. One at most is emulated, so whatever names only a query is of that one. */
function athenaActions([workGroup]: readonly ResolvedResource[]): ActionsOf {
  return ({ operation, input }) => {
    const named = typeof input.WorkGroup === 'string' ? input.WorkGroup : workGroup?.physicalName;
    return [{ action: `athena:${operation}`, resource: arn('athena', `workgroup/${named}`) }];
  };
}

const writes = /\b(create|merge|set)\b/i;
const deletes = /\b(delete|remove)\b/i;

/** Every query reads; what it says more than that it must be allowed as well. Source: Neptune user guide, data access. */
function neptuneActions([cluster]: readonly ResolvedResource[]): ActionsOf {
  // One cluster at most is emulated, and data is granted by the cluster's resource id, which is its name here.
  const resource = arn('neptune-db', `${cluster?.physicalName ?? ''}/*`);
  return ({ path, query, input }) => {
    if (!/^\/openCypher(\/status)?$/i.test(path))
      throw new ServiceError('UnknownOperationException', `Neptune ${path} is not mapped to a permission`);
    const text = String(input.query ?? new URLSearchParams(query).get('query') ?? '').replace(
      /'[^']*'|"[^"]*"|`[^`]*`/g,
      '',
    );
    const needed = [
      'ReadDataViaQuery',
      ...(writes.test(text) ? ['WriteDataViaQuery'] : []),
      ...(deletes.test(text) ? ['DeleteDataViaQuery'] : []),
    ];
    return needed.map((action) => ({ action: `neptune-db:${action}`, resource }));
  };
}
