import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { hydrationInstances, thinEventType } from '../../shared/names.ts';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import { failureQueue, workQueue } from '../parts/queue.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';
import { runwayMetric } from '../parts/runway-metric.ts';
import { everyMinutes } from '../parts/schedule.ts';

/** The source systems of the graph: what they tell of, what is read from them, and how they are compared with it. */
export class Providers extends Capability {
  private readonly hydrations: Queue;
  private readonly steps: Queue;

  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    const { alarms } = props;
    this.hydrations = workQueue(this, 'Hydrations', { alarms, visibilityTimeout: Duration.minutes(12) });
    this.steps = workQueue(this, 'ReconcileSteps', { alarms, visibilityTimeout: Duration.minutes(90) });
    alarms.addWaiting('Hydrations', this.hydrations, Duration.minutes(60));
    alarms.addWaiting('ReconcileSteps', this.steps, Duration.hours(3));
    this.hears();
    this.reads();
    this.configures();
  }

  /** For a function that finds what is mentioned and not known. */
  readsFor(finder: RuntimeFunction): void {
    finder.allow(['sqs:SendMessage'], [this.hydrations.queueArn]).set('HYDRATION_QUEUE_URL', this.hydrations.queueUrl);
  }

  /** On the bus, from topics of SNS, or by a signed webhook: all of it waits in one queue. */
  private hears(): void {
    const { alarms, bus, settings } = this.shared;
    new Rule(this, 'ThinEventsRule', {
      eventBus: bus,
      eventPattern: { detailType: [thinEventType] },
      targets: [
        new SqsQueue(this.hydrations, { deadLetterQueue: failureQueue(this, 'ThinEventsUndelivered', alarms) }),
      ],
    });
    for (const arn of new Set(settings.providerTopics?.split(',')))
      Topic.fromTopicArn(this, `Topic${arn.split(':').at(-1)}`, arn).addSubscription(
        new SqsSubscription(this.hydrations, { rawMessageDelivery: true }),
      );
    this.readsSecrets(this.function('graph/receive-provider-event'), 'webhook')
      .allow(['sqs:SendMessage'], [this.hydrations.queueArn])
      .set('HYDRATION_QUEUE_URL', this.hydrations.queueUrl);
  }

  private reads(): void {
    const { alarms } = this.shared;
    const hydrate = this.asksProviders('graph/hydrate-entities', Duration.minutes(2));
    // Of each reading it counts when it began.
    hydrate.allow(['dynamodb:UpdateItem'], [this.shared.state.graphTable.tableArn]);
    hydrate.takeFrom(this.hydrations, { batchSize: 5, maxConcurrency: hydrationInstances });
    const reconcile = this.asksProviders('graph/reconcile-providers', Duration.minutes(15))
      .allow(['sqs:SendMessage'], [this.steps.queueArn])
      .set('RECONCILE_QUEUE_URL', this.steps.queueUrl);
    reconcile.takeFrom(this.steps, { batchSize: 1, maxConcurrency: hydrationInstances });
    everyMinutes(this, 'ReconcileSchedule', {
      minutes: this.shared.settings.graphIntervalMinutes,
      target: reconcile,
      description: 'Compares the graph with every provider that it is time for, and goes on with what was left',
      alarms,
    });
    alarms.add('ProvidersLate', {
      heading: 'Providers late',
      severity: 'ticket',
      metric: runwayMetric('ProvidersLate', { statistic: 'Minimum', period: Duration.hours(1) }),
      threshold: 1,
    });
  }

  private configures(): void {
    const { graphTable } = this.shared.state;
    this.function('graph/list-providers').bindTable('GRAPH_TABLE', graphTable, ['dynamodb:Query']);
    this.function('graph/set-provider').bindTable('GRAPH_TABLE', graphTable, [
      'dynamodb:Query',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
    ]);
    this.function('graph/delete-provider').bindTable('GRAPH_TABLE', graphTable, [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
    ]);
    this.function('graph/reconcile-provider')
      .bindTable('GRAPH_TABLE', graphTable, ['dynamodb:GetItem', 'dynamodb:PutItem'])
      .allow(['sqs:SendMessage'], [this.steps.queueArn])
      .set('RECONCILE_QUEUE_URL', this.steps.queueUrl);
  }

  /** Outside the network, so that it reaches what is on the internet. */
  private asksProviders(path: string, timeout: Duration): RuntimeFunction {
    const { state, settings } = this.shared;
    return this.readsSecrets(this.function(path, { timeout, memory: 1_769 }), 'headers')
      .bindTable('GRAPH_TABLE', state.graphTable, [
        'dynamodb:GetItem',
        'dynamodb:BatchGetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
      ])
      .allow(['sqs:SendMessage'], [this.hydrations.queueArn])
      .set('HYDRATION_QUEUE_URL', this.hydrations.queueUrl)
      .set('PROVIDER_ORIGINS', settings.providerOrigins ?? 'none');
  }

  private readsSecrets(target: RuntimeFunction, name: 'headers' | 'webhook'): RuntimeFunction {
    const { partition, region, account } = Stack.of(this);
    const prefix = `runway/${this.shared.settings.stage}/providers/`;
    const secrets = `arn:${partition}:secretsmanager:${region}:${account}:secret:${prefix}*/${name}-*`;
    return target
      .allow(['secretsmanager:GetSecretValue'], [secrets])
      .acceptWildcard(secrets, 'Admins make the secrets of providers themselves, under this prefix and their own name')
      .set('PROVIDER_SECRET_PREFIX', prefix);
  }
}
