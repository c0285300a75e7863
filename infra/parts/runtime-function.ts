import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../../shared/names.ts';
import { bundleDirectory } from './bundle.ts';

export interface RuntimeFunctionProps {
  /** Path of the file under `functions/`, without extension. */
  readonly path: string;
  readonly logRetentionDays: number;
  /** @default 10 seconds */
  readonly timeout?: Duration;
  /** In MB. @default 512 */
  readonly memory?: number;
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
      logGroup: new LogGroup(this, 'Logs', {
        retention: props.logRetentionDays as RetentionDays,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      environment: { NODE_OPTIONS: '--enable-source-maps' },
      // What a workflow in flight calls must outlive the next deployment, see `publishedVersion`.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
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
    this.allow(actions, [bucket.arnForObjects(prefix)]);
    return this.set(name, bucket.bucketName);
  }

  allow(actions: readonly string[], resources: readonly string[]): this {
    this.lambda.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
    return this;
  }

  grantee(): IGrantable {
    return this.lambda;
  }
}
