import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { type IGrantable, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource, type SqsEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../../shared/names.ts';
import { accept } from './accept.ts';
import { bundleDirectory } from './bundle.ts';

export interface RuntimeFunctionProps {
  /** Path of the file under `functions/`, without extension. */
  readonly path: string;
  readonly logRetentionDays: number;
  /** @default 10 seconds */
  readonly timeout?: Duration;
  /** In MB. @default 512 */
  readonly memory?: number;
  /**
   * Where V8 puts what is new, in MB; three times as much at most. What lives no longer than one invocation's reads and
   * writes is best given up before it is moved. @default V8's own, at most 16
   */
  readonly semiSpace?: number;
  /** Executions kept for this function, so that a flood elsewhere cannot starve it. @default none */
  readonly reservedConcurrency?: number;
  /** Runs in the isolated subnets, from where it reaches only what the network declares. @default outside any network */
  readonly network?: FunctionNetwork;
}

export type FunctionNetwork = { readonly vpc: IVpc; readonly securityGroup: ISecurityGroup };

/** One Lambda function with its own role and log group; each `bind…` sets a variable and grants exactly what it needs. */
export class RuntimeFunction extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: RuntimeFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.lambda = new LambdaFunction(this, 'Function', {
      description: `functions/${props.path}.ts`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: `${props.path}/index.handler`,
      code: Code.fromAsset(bundleDirectory),
      timeout: props.timeout ?? Duration.seconds(10),
      memorySize: props.memory ?? 512,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(props.network && {
        vpc: props.network.vpc,
        vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
        securityGroups: [props.network.securityGroup],
      }),
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role: this.role(props.network),
      environment: { NODE_OPTIONS: nodeOptions(props) },
      // What a workflow in flight calls must outlive the next deployment, see `publishedVersion`.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    accept(
      this,
      'AwsSolutions-IAM5',
      'X-Ray takes traces of an account, so its actions know no resource',
      'Resource::*',
    );
    accept(
      this,
      'Serverless-LambdaDLQ',
      'API, workflows, queues and streams wait for the answer; what a schedule calls has a destination for failures',
    );
  }

  /** Not CDK's own, which attaches a managed policy that may write to every log group of the account. */
  private role(network: FunctionNetwork | undefined): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    if (!network) return role;
    const vpcAccess = ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaVPCAccessExecutionRole');
    role.addManagedPolicy(vpcAccess);
    accept(
      role,
      'AwsSolutions-IAM4',
      'Lambda makes network interfaces, which have no name to grant before they exist; AWS keeps the list of actions',
      `Policy::${vpcAccess.managedPolicyArn}`,
    );
    return role;
  }

  /**
   * ARN of the code and configuration of this deployment, published by asking for it. A later deployment publishes
   * another and keeps this one (ADR 0011).
   */
  publishedVersion(): string {
    return this.lambda.currentVersion.functionArn;
  }

  set(name: EnvironmentName, value: string): this {
    this.lambda.addEnvironment(name, value);
    return this;
  }

  bindTable(name: EnvironmentName, table: ITable, actions: readonly string[]): this {
    // Not `table.grant`, which allows the same on every index.
    this.allow(actions, [table.tableArn]);
    return this.set(name, table.tableName);
  }

  /** `prefix` narrows the objects, e.g. `routing/*`. */
  bindBucket(name: EnvironmentName, bucket: IBucket, actions: readonly string[], prefix = '*'): this {
    const objects = bucket.arnForObjects(prefix);
    this.allow(actions, [objects]).acceptWildcard(
      objects,
      'Keys are chosen at run time; these are those of one prefix',
    );
    return this.set(name, bucket.bucketName);
  }

  allow(actions: readonly string[], resources: readonly string[]): this {
    this.lambda.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
    return this;
  }

  /** Messages that fail stay in the queue, which moves them to its dead letters. */
  takeFrom(queue: IQueue, mapping: Omit<SqsEventSourceProps, 'reportBatchItemFailures'>): this {
    this.lambda.addEventSource(new SqsEventSource(queue, { ...mapping, reportBatchItemFailures: true }));
    accept(
      this,
      'Serverless-LambdaEventSourceMappingDestination',
      'Lambda has no such destination for SQS: the queue has a redrive policy instead',
    );
    return this;
  }

  /** `reason`: why the resources under one wildcard cannot be named. */
  acceptWildcard(resource: string, reason: string): this {
    accept(this, 'AwsSolutions-IAM5', reason, `Resource::${resource}`);
    return this;
  }

  grantee(): IGrantable {
    return this.lambda;
  }
}

function nodeOptions({ semiSpace }: RuntimeFunctionProps): string {
  return ['--enable-source-maps', ...(semiSpace === undefined ? [] : [`--max-semi-space-size=${semiSpace}`])].join(' ');
}
