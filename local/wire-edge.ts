import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EdgeService } from './edge/backend.ts';
import { forwardTo } from './edge/forward.ts';
import { jsonBackend } from './edge/json-backend.ts';
import { neptuneBackend } from './edge/neptune-backend.ts';
import { createServiceActions } from './edge/service-actions.ts';
import type { Engines } from './provision.ts';
import { createdObject, type OnObject } from './services/object-events.ts';
import type { JsonService, ResolvedResource } from './types.ts';

export type WireEdgeOptions = {
  readonly engines: Engines;
  readonly json: readonly JsonService[];
  readonly onObject: OnObject;
  /** Resources of type `AWS::SecretsManager::Secret`. */
  readonly secrets: readonly ResolvedResource[];
  /** Resources of type `AWS::Neptune::DBCluster`. */
  readonly clusters: readonly ResolvedResource[];
  /** Resources of type `AWS::Athena::WorkGroup`. */
  readonly workGroups: readonly ResolvedResource[];
};

/** The name in signatures of each service of our own. */
const signedNames: Readonly<Record<string, string>> = {
  AmazonAthena: 'athena',
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  AWSStepFunctions: 'states',
  secretsmanager: 'secretsmanager',
};

/** What stands behind the edge, by the name that signatures give it. */
export function wireEdge({ engines, json, onObject, secrets, clusters, workGroups }: WireEdgeOptions) {
  const actions = createServiceActions(secrets, engines.s3.has, clusters, workGroups);
  const dynamo = forwardTo(engines.dynamo.endpoint);
  const service = (name: string, targetPrefixes: readonly string[], backend: EdgeService['backend']) => {
    const actionsOf = actions[name];
    if (actionsOf === undefined) throw new Error(`calls of ${name} are not mapped to permissions`);
    return [name, { targetPrefixes, actionsOf, backend }] as const;
  };
  const services: Readonly<Record<string, EdgeService>> = Object.fromEntries([
    service('dynamodb', ['DynamoDB_20120810', 'DynamoDBStreams_20120810'], dynamo),
    service('kinesis', ['Kinesis_20131202'], ({ request, body }, response) =>
      engines.kinesis.answer(request, response, body),
    ),
    service('neptune-db', [], neptuneBackend(engines.neptune)),
    // S3 is spoken over HTTP/1 only.
    service('s3', [], ({ request, method, path, query }, response) => {
      const object = createdObject(method, path, query);
      if (object !== undefined)
        response.once('finish', () => {
          if (response.statusCode === 200) onObject(object);
        });
      engines.s3.answer(request as IncomingMessage, response as ServerResponse);
    }),
    ...json.map((own) => service(signedNames[own.targetPrefix] ?? '', [own.targetPrefix], jsonBackend(own))),
  ]);
  return { services, stop: dynamo.stop };
}
