import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import type { StateStack } from '../state-stack.ts';
import type { Alarms } from './alarm.ts';
import { RuntimeFunction, type RuntimeFunctionProps, tableActions } from './runtime-function.ts';

/** What every capability is wired from. */
export interface CapabilityProps {
  readonly settings: Settings;
  readonly state: StateStack;
  readonly bus: IEventBus;
  readonly routingBucket: IBucket;
  /** Where alarms go. */
  readonly alarms: Alarms;
}

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

  protected reader(path: string, options?: FunctionOptions): RuntimeFunction {
    return this.readsEvents(this.function(path, options));
  }

  /** Answers POST or PUT: appends to the event store, and remembers idempotency keys. */
  protected writer(path: string, options?: FunctionOptions): RuntimeFunction {
    return this.remembersKeys(this.appendsEvents(this.function(path, options)));
  }

  /** A workflow task, stream or schedule that appends to the event store. */
  protected worker(path: string, options?: FunctionOptions): RuntimeFunction {
    return this.appendsEvents(this.function(path, options));
  }

  protected readsEvents(target: RuntimeFunction): RuntimeFunction {
    return target.bindTable('EVENTS_TABLE', this.shared.state.eventsTable, tableActions.read);
  }

  protected appendsEvents(target: RuntimeFunction): RuntimeFunction {
    return target.bindTable('EVENTS_TABLE', this.shared.state.eventsTable, tableActions.append);
  }

  protected remembersKeys(target: RuntimeFunction): RuntimeFunction {
    return target.bindTable('IDEMPOTENCY_TABLE', this.shared.state.idempotencyTable, [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ]);
  }

  protected readsArtifacts(target: RuntimeFunction): RuntimeFunction {
    const bucket = this.shared.state.artifactBucket;
    // Without ListBucket a missing object is reported as forbidden, and the user would be told the wrong thing.
    return target.bindBucket('ARTIFACT_BUCKET', bucket, ['s3:GetObject']).allow(['s3:ListBucket'], [bucket.bucketArn]);
  }

  protected publishesRouting(target: RuntimeFunction): RuntimeFunction {
    const bucket = this.shared.routingBucket;
    return target
      .bindBucket('ROUTING_BUCKET', bucket, ['s3:GetObject', 's3:PutObject'], 'routing/*')
      .allow(['s3:ListBucket'], [bucket.bucketArn]);
  }

  protected readsWriterKeys(target: RuntimeFunction): RuntimeFunction {
    const secret = this.shared.state.writerKeySecret;
    return target
      .allow(['secretsmanager:GetSecretValue'], [secret.secretArn])
      .set('WRITER_KEY_SECRET_ARN', secret.secretArn);
  }
}
