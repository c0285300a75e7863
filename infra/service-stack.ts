import { CfnOutput, Stack } from 'aws-cdk-lib';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { GroundTruth } from './capabilities/ground-truth.ts';
import { Health } from './capabilities/health.ts';
import { LabelTrust } from './capabilities/label-trust.ts';
import { Registry } from './capabilities/registry.ts';
import { Retraining } from './capabilities/retraining.ts';
import { Rollout } from './capabilities/rollout.ts';
import type { MonitoringStack } from './monitoring-stack.ts';
import { openToDistributions, publicBucket } from './parts/public-bucket.ts';
import type { RuntimeFunction } from './parts/runtime-function.ts';
import type { Workflow } from './parts/workflow.ts';
import type { Settings } from './settings.ts';
import type { StateStack } from './state-stack.ts';

export interface ServiceStackProps {
  readonly settings: Settings;
  readonly state: StateStack;
  /** Takes the alarms of everything that is made here. */
  readonly monitoring: MonitoringStack;
}

/** What works: functions, workflows, queues and schedules. Can be deleted and created again without losing anything. */
export class ServiceStack extends Stack {
  readonly bus: IEventBus;
  readonly routingBucket: IBucket;
  readonly retrainWorkflow: Workflow;
  readonly rolloutWorkflow: Workflow;
  /** By path under `functions/`. */
  readonly functions: ReadonlyMap<string, RuntimeFunction>;
  /** Work queues by name; dead letters show as alarms. */
  readonly queues: Readonly<Record<string, IQueue>>;

  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, { description: 'Runway: functions, workflows and schedules; can be recreated' });
    const bus = new EventBus(this, 'Bus', { description: 'Domain events of Runway' });
    const routingBucket = this.makeRoutingBucket();
    const shared = { ...props, bus, routingBucket, alarms: props.monitoring.alarms };

    const registry = new Registry(this, 'Registry', shared);
    const groundTruth = new GroundTruth(this, 'GroundTruth', shared);
    const health = new Health(this, 'Health', shared);
    const labelTrust = new LabelTrust(this, 'LabelTrust', { ...shared, scanQueue: health.scanQueue });
    const rollout = new Rollout(this, 'Rollout', shared);
    const retraining = new Retraining(this, 'Retraining', { ...shared, rolloutWorkflow: rollout.workflow });
    rollout.allowStart(registry.deployVersion);
    health.allowRequest(registry.registerVersion);

    const capabilities = [registry, groundTruth, labelTrust, health, rollout, retraining];
    this.functions = new Map(capabilities.flatMap((capability) => [...capability.functions]));
    this.queues = retraining.queues;
    this.retrainWorkflow = retraining.workflow;
    this.rolloutWorkflow = rollout.workflow;
    this.bus = bus;
    this.routingBucket = routingBucket;
    new CfnOutput(this, 'RoutingBucketName', { value: routingBucket.bucketName });
    new CfnOutput(this, 'TrainingRequestQueueUrl', { value: retraining.trainingRequests.queueUrl });
    new CfnOutput(this, 'EventBusName', { value: bus.eventBusName });
  }

  /** What serving systems read through CloudFront, so that serving never waits for Runway; from the registry's heads. */
  private makeRoutingBucket(): IBucket {
    // Under the id of the construct that held it first: another would be another bucket, without the tables.
    const bucket = publicBucket(new Construct(this, 'Web'), 'Routing');
    openToDistributions(bucket);
    return bucket;
  }
}
