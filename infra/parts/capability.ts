import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { retrainsPerOrchestrator } from '../orchestrator-connections.ts';
import type { Settings } from '../settings.ts';
import type { StateStack } from '../state-stack.ts';
import type { Alarms } from './alarm.ts';
import { connectRouting } from './routing-connections.ts';
import { RuntimeFunction, type RuntimeFunctionProps } from './runtime-function.ts';

/** What every capability is wired from. */
export interface CapabilityProps {
  readonly settings: Settings;
  readonly state: StateStack;
  readonly bus: IEventBus;
  readonly routingBucket: IBucket;
  /** Where alarms go. */
  readonly alarms: Alarms;
}

/** What is read of the event store: current states, lists of them (through an index), or what happened. */
export type EventRead = 'heads' | 'lists' | 'commits';

type ReaderOptions = FunctionOptions & {
  /** @default heads */
  readonly reads?: readonly EventRead[];
};
type FunctionOptions = Omit<RuntimeFunctionProps, 'path' | 'logRetentionDays'>;

/** Base of the constructs under `capabilities/`: makes functions and the bindings that several of them share. */
export abstract class Capability extends Construct {
  /** By path under `functions/`, e.g. `registry/register-model`. */
  readonly functions = new Map<string, RuntimeFunction>();
  protected readonly shared: CapabilityProps;

  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id);
    this.shared = props;
  }

  protected function(path: string, options: FunctionOptions = {}): RuntimeFunction {
    const id = path
      .slice(path.indexOf('/') + 1)
      .replace(/(^|-)(\w)/g, (_match, _dash, letter: string) => letter.toUpperCase());
    const made = new RuntimeFunction(this, id, {
      path,
      logRetentionDays: this.shared.settings.logRetentionDays,
      ...options,
    });
    this.shared.alarms.addFunction(path, made.lambda);
    this.functions.set(path, made);
    return made;
  }

  protected reader(path: string, { reads, ...options }: ReaderOptions = {}): RuntimeFunction {
    return this.readsEvents(this.function(path, options), reads);
  }

  /** Answers POST or PUT: appends to the event store, and remembers idempotency keys. */
  protected writer(path: string, options?: ReaderOptions): RuntimeFunction {
    return this.remembersKeys(this.worker(path, options));
  }

  /** A workflow task, stream or schedule that appends to the event store. */
  protected worker(path: string, { reads, ...options }: ReaderOptions = {}): RuntimeFunction {
    // An append reads the head for its hash, and puts commit and head in one transaction.
    const reader = this.readsEvents(this.function(path, options), ['heads', ...(reads ?? [])]);
    return reader.allow(['dynamodb:PutItem'], [this.shared.state.eventsTable.tableArn]);
  }

  protected readsEvents(target: RuntimeFunction, reads: readonly EventRead[] = ['heads']): RuntimeFunction {
    const { eventsTable } = this.shared.state;
    const actions = { heads: 'dynamodb:GetItem', commits: 'dynamodb:Query', lists: undefined } as const;
    const onTable = reads.map((read) => actions[read]).filter((action) => action !== undefined);
    if (onTable.length > 0) target.allow(onTable, [eventsTable.tableArn]);
    if (reads.includes('lists')) this.readsLists(target);
    return target.set('EVENTS_TABLE', eventsTable.tableName);
  }

  protected readsLists(target: RuntimeFunction): RuntimeFunction {
    const indexes = `${this.shared.state.eventsTable.tableArn}/index/*`;
    return target
      .allow(['dynamodb:Query'], [indexes])
      .acceptWildcard(indexes, 'Every index of this table lists the same heads, only in another order');
  }

  protected remembersKeys(target: RuntimeFunction): RuntimeFunction {
    return target.bindTable('IDEMPOTENCY_TABLE', this.shared.state.idempotencyTable, [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
    ]);
  }

  protected readsArtifacts(target: RuntimeFunction): RuntimeFunction {
    const bucket = this.shared.state.artifactBucket;
    // Without ListBucket a missing object is reported as forbidden, and the user would be told the wrong thing.
    return target.bindBucket('ARTIFACT_BUCKET', bucket, ['s3:GetObject']).allow(['s3:ListBucket'], [bucket.bucketArn]);
  }

  /** Holds the whole graph in memory, from a snapshot of it and the log since, or from the table. */
  protected walksGraph(target: RuntimeFunction): RuntimeFunction {
    const { graphTable, graphBucket } = this.shared.state;
    return (
      target
        .bindTable('GRAPH_TABLE', graphTable, ['dynamodb:GetItem', 'dynamodb:Query'])
        .bindBucket('GRAPH_BUCKET', graphBucket, ['s3:GetObject'], 'snapshots/*')
        // Without it a manifest that is not there yet is reported as forbidden.
        .allow(['s3:ListBucket'], [graphBucket.bucketArn])
    );
  }

  protected publishesRouting(target: RuntimeFunction): RuntimeFunction {
    const bucket = this.shared.routingBucket;
    target
      .bindBucket('ROUTING_BUCKET', bucket, ['s3:GetObject', 's3:PutObject'], 'routing/*')
      .allow(['s3:ListBucket'], [bucket.bucketArn]);
    return connectRouting(target, this.shared.settings);
  }

  protected readsWriterKeys(target: RuntimeFunction): RuntimeFunction {
    const secret = this.shared.state.writerKeySecret;
    return target
      .allow(['secretsmanager:GetSecretValue'], [secret.secretArn])
      .set('WRITER_KEY_SECRET_ARN', secret.secretArn);
  }

  /** Tells how many retrains may run at once. */
  protected limited(target: RuntimeFunction): RuntimeFunction {
    const { maxConcurrentRetrains, maxConcurrentRetrainsPerTeam, maxConcurrentRetrainsPerOrchestrator, orchestrators } =
      this.shared.settings;
    const perOrchestrator = retrainsPerOrchestrator(maxConcurrentRetrainsPerOrchestrator, orchestrators);
    return target
      .set('MAX_CONCURRENT_RETRAINS_PER_ORCHESTRATOR', JSON.stringify(perOrchestrator))
      .set('MAX_CONCURRENT_RETRAINS', String(maxConcurrentRetrains))
      .set('MAX_CONCURRENT_RETRAINS_PER_TEAM', String(maxConcurrentRetrainsPerTeam));
  }
}
