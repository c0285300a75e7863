import { keyOfFunction } from './edge/callers.ts';
import { createDynamoMapping } from './event-sources/dynamo-mapping.ts';
import { createKinesisMapping } from './event-sources/kinesis-mapping.ts';
import { permittedOnFailure, whilePermitted } from './event-sources/permitted.ts';
import { createSqsMapping } from './event-sources/sqs-mapping.ts';
import { readPositions } from './event-sources/stream-checkpoints.ts';
import type { Journal } from './journal.ts';
import { type Engines, putObject } from './provision.ts';
import { functionNameOf } from './services/arn.ts';
import { createAthena } from './services/athena.ts';
import { createDeliveries } from './services/deliveries.ts';
import { createEventBridge } from './services/event-bridge.ts';
import { createObjectEvents, type OnObject } from './services/object-events.ts';
import { unsupported } from './services/properties.ts';
import { createScheduler } from './services/scheduler.ts';
import { createSecrets } from './services/secrets.ts';
import { createSqs, type Sqs } from './services/sqs.ts';
import { createStepFunctions } from './step-functions/step-functions.ts';
import type { LoadedTemplate } from './template/load-template.ts';
import type { Clock, Functions, Guard, JsonService, ResolvedResource, WorkSource } from './types.ts';
import type { Monitoring } from './wire-monitoring.ts';

export type WireOptions = {
  readonly template: LoadedTemplate;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly functions: Functions;
  /** Invocations of one function that can be under way at once. */
  readonly concurrencyOf: (functionName: string) => number;
  readonly engines: Engines;
  /** Asked before anything is done for a function, a workflow, a schedule or a rule. */
  readonly guard: Guard;
  readonly monitoring: Monitoring;
  /** Where the JSON services are found. */
  readonly servicesUrl: string;
  readonly dataDir: string;
  readonly log: (message: string) => void;
};

export interface Services {
  readonly json: readonly JsonService[];
  readonly sources: readonly WorkSource[];
  /** Tells the default bus of an object, if its bucket is to. */
  readonly onObject: OnObject;
  /** For a person who looks: what waits, what runs, and how far streams are read. */
  status(): Promise<object>;
  stop(): Promise<void>;
}

/** Makes queues, bus, schedules, workflows, secrets and event source mappings of the template, and connects them. */
export function wireServices(options: WireOptions): Services {
  const { journal, clock, functions, guard, monitoring, log } = options;
  const { ofType } = options.template;
  const queues = ofType('AWS::SQS::Queue');
  const machines = ofType('AWS::StepFunctions::StateMachine');
  const sqs = createSqs({ journal, clock, queues, endpoint: () => options.servicesUrl });
  monitoring.watchQueues(sqs.gauges);
  const deliveries = createDeliveries({
    journal,
    clock,
    functions,
    sendToQueue: sqs.send,
    guard,
    roleOf: rolesOf(ofType('AWS::Lambda::Function')),
    eventInvokeConfigs: ofType('AWS::Lambda::EventInvokeConfig'),
    log,
  });
  const buses = ofType('AWS::Events::EventBus');
  const bus = createEventBridge({ journal, clock, buses, rules: ofType('AWS::Events::Rule'), deliveries });
  const schedules = ofType('AWS::Scheduler::Schedule');
  const scheduler = createScheduler({ journal, clock, schedules, deliveries });
  const workflows = createStepFunctions({
    journal,
    clock,
    machines,
    functions,
    guard,
    qualified: [
      ...ofType('AWS::StepFunctions::StateMachineVersion'),
      ...ofType('AWS::StepFunctions::StateMachineAlias'),
    ],
    onExecutionEnd: monitoring.onExecutionEnd,
  });
  const secrets = createSecrets({ journal, secrets: ofType('AWS::SecretsManager::Secret') });

  const athena = createAthena({
    journal,
    clock,
    guard,
    tables: ofType('AWS::Glue::Table'),
    workGroups: ofType('AWS::Athena::WorkGroup'),
    s3Endpoint: options.engines.s3.endpoint,
    dataDir: options.dataDir,
    roleOf: rolesOfKeys(ofType('AWS::Lambda::Function')),
  });

  async function runningExecutions(stateMachineArn: string): Promise<unknown> {
    const { executions } = (await workflows.handle(
      'ListExecutions',
      { stateMachineArn, statusFilter: 'RUNNING' },
      '',
    )) as {
      readonly executions: readonly { readonly name: string }[];
    };
    return executions.map(({ name }) => name);
  }

  return {
    json: [sqs, bus, workflows, secrets, athena.service],
    onObject: createObjectEvents(ofType('AWS::S3::Bucket'), bus),
    sources: [
      monitoring.source,
      scheduler,
      deliveries,
      sqs,
      workflows,
      athena.source,
      ...connectMappings(options, sqs),
    ],
    async status() {
      const running = machines.map(async (machine) => [machine.logicalId, await runningExecutions(machine.arn)]);
      return {
        queues: Object.fromEntries(queues.map((queue) => [queue.logicalId, sqs.depth(queue.arn)])),
        positions: readPositions(journal),
        runningExecutions: Object.fromEntries(await Promise.all(running)),
      };
    },
    async stop() {
      sqs.stop();
      await athena.close();
    },
  };
}

function connectMappings(options: WireOptions, sqs: Sqs): readonly WorkSource[] {
  const { template, journal, clock, functions, concurrencyOf, engines, guard, log } = options;
  const anyFailure = { sendToQueue: sqs.send, putObject: putObject(engines.s3) };
  const roleOf = rolesOf(template.ofType('AWS::Lambda::Function'));

  function connect(mapping: ResolvedResource, functionName: string): readonly WorkSource[] {
    const role = roleOf(functionName);
    const onFailure = permittedOnFailure(anyFailure, role, guard);
    const shared = { mapping, functions, journal, clock, onFailure, log };
    const source = String(mapping.properties.EventSourceArn);
    switch (source.split(':')[2]) {
      case 'kinesis':
        return [createKinesisMapping({ ...shared, endpoint: engines.kinesis.endpoint, changes: engines.kinesis.puts })];
      case 'dynamodb':
        return [createDynamoMapping({ ...shared, endpoint: engines.dynamo.endpoint })];
      case 'sqs':
        return createSqsMapping({ ...shared, sqs, concurrency: concurrencyOf(functionName) });
      default:
        throw unsupported(mapping, `event source ${source} is not emulated`);
    }
  }
  return template.ofType('AWS::Lambda::EventSourceMapping').flatMap((mapping) => {
    const functionName = functionNameOf(String(mapping.properties.FunctionName));
    const reader = { role: roleOf(functionName), sourceArn: String(mapping.properties.EventSourceArn), guard };
    return connect(mapping, functionName).map((source) => whilePermitted(source, reader));
  });
}

function rolesOf(functions: readonly ResolvedResource[]): (functionName: string) => string {
  const roles = new Map(functions.map(({ physicalName, properties }) => [physicalName, String(properties.Role)]));
  return (functionName) => roles.get(functionName) ?? '';
}

function rolesOfKeys(functions: readonly ResolvedResource[]): (accessKey: string) => string | undefined {
  const roles = new Map(
    functions.map(({ physicalName, properties }) => [keyOfFunction(physicalName), String(properties.Role)]),
  );
  return (accessKey) => roles.get(accessKey);
}
