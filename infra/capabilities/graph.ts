import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnSecurityGroupIngress, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { eventSource, projectedEvents, workflows } from '../../shared/names.ts';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import { failureQueue, workQueue } from '../parts/queue.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';
import { runwayMetric } from '../parts/runway-metric.ts';
import { everyMinutes } from '../parts/schedule.ts';
import { Workflow } from '../parts/workflow.ts';

const httpsPort = 443;
/** Less is a few looks only, of which one may come late. */
const leastLagMinutes = 30;

/** What does a model depend on, what depends on it, who is affected. */
export class Graph extends Capability {
  /** Hints for the graph database. */
  readonly changes: Queue;
  private readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    this.securityGroup = this.mayReachDatabase();
    for (const path of ['graph/get-lineage', 'graph/get-impact']) {
      this.walksGraph(this.function(path, { timeout: Duration.seconds(29), memory: 1_769 })).bindTable(
        'EVENTS_TABLE',
        props.state.eventsTable,
        ['dynamodb:GetItem'],
      );
    }
    this.changes = this.projection();
    this.compaction();
    this.rebuilds();
  }

  /** For a function that writes statements: so that the database shows them in seconds. */
  hints(writer: RuntimeFunction): void {
    writer.allow(['sqs:SendMessage'], [this.changes.queueArn]).set('GRAPH_CHANGES_QUEUE_URL', this.changes.queueUrl);
  }

  private projection(): Queue {
    const { bus, alarms } = this.shared;
    const project = this.projector('graph/project-changes', ['ReadDataViaQuery', 'WriteDataViaQuery']);
    const queue = workQueue(this, 'GraphChanges', { alarms, visibilityTimeout: Duration.minutes(30) });
    alarms.addWaiting('GraphChanges', queue, Duration.minutes(15));
    new Rule(this, 'GraphChangesRule', {
      eventBus: bus,
      eventPattern: { source: [eventSource], detailType: [...projectedEvents] },
      targets: [new SqsQueue(queue, { deadLetterQueue: failureQueue(this, 'GraphChangesUndelivered', alarms) })],
    });
    // The change log has one end, so more writers would only wait for each other; fewer than two Lambda does not allow.
    project.takeFrom(queue, { batchSize: 10, maxConcurrency: 2 });
    everyMinutes(this, 'GraphSweepSchedule', {
      // A hint that was lost is made good after at most this.
      minutes: this.shared.settings.sweepIntervalMinutes,
      target: project,
      description: 'Projects into the graph whatever a lost hint or a crash left behind',
      alarms,
    });
    return queue;
  }

  /** Outside the network: it reads the table, and reads and writes snapshots. */
  private compaction(): void {
    const { state, alarms, settings } = this.shared;
    const minutes = settings.graphIntervalMinutes;
    const compact = this.walksGraph(
      this.function('graph/compact-graph', { timeout: Duration.minutes(10), memory: 3_008 }),
    ).bindBucket('GRAPH_BUCKET', state.graphBucket, ['s3:PutObject', 's3:DeleteObject'], 'snapshots/*');
    everyMinutes(this, 'GraphCompactionSchedule', {
      // Readers follow the log since, so a snapshot may be this old and more; it keeps what they follow short.
      minutes,
      target: compact,
      description: 'Writes the next snapshot of the graph when the log has grown, or grown old, since the last',
      alarms,
    });
    alarms.add('GraphSnapshotOld', {
      heading: 'Graph snapshot old',
      severity: 'ticket',
      // The least of several looks: a load of many changes is behind for a few minutes.
      metric: runwayMetric('GraphSnapshotLag', {
        period: Duration.minutes(Math.max(leastLagMinutes, 2 * minutes)),
        statistic: 'Minimum',
      }),
      threshold: 5_000,
      missing: TreatMissingData.BREACHING,
    });
  }

  private rebuilds(): void {
    const { state, settings, alarms } = this.shared;
    const actions = ['ReadDataViaQuery', 'WriteDataViaQuery', 'DeleteDataViaQuery'];
    const workflow = new Workflow(this, 'RebuildGraph', {
      file: workflows.rebuildGraph,
      functions: { rebuildStep: this.projector('graph/rebuild-step', actions) },
      logRetentionDays: settings.logRetentionDays,
      alarms,
      // The graph that was there still answers.
      severity: 'ticket',
    });
    this.function('graph/start-rebuild')
      .bindTable('GRAPH_TABLE', state.graphTable, ['dynamodb:GetItem', 'dynamodb:PutItem'])
      .allow(['states:StartExecution'], [workflow.aliasArn])
      .set('REBUILD_WORKFLOW_ARN', workflow.aliasArn);
    this.function('graph/get-rebuild').bindTable('GRAPH_TABLE', state.graphTable, ['dynamodb:GetItem']);
  }

  /** Reads streams, writes the table, and speaks to the database from inside its network. */
  private projector(path: string, databaseActions: readonly string[]): RuntimeFunction {
    const { state } = this.shared;
    const network = { vpc: state.graph.vpc, securityGroup: this.securityGroup };
    return this.readsLists(this.function(path, { timeout: Duration.minutes(5), memory: 1_769, network }))
      .bindTable('EVENTS_TABLE', state.eventsTable, ['dynamodb:Query'])
      .bindTable('GRAPH_TABLE', state.graphTable, [
        'dynamodb:GetItem',
        'dynamodb:BatchGetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
      ])
      .allow(
        databaseActions.map((action) => `neptune-db:${action}`),
        [state.graph.dataArn],
      )
      .acceptWildcard(state.graph.dataArn, 'Neptune grants data by cluster: this ends every ARN of its data')
      .set('NEPTUNE_ENDPOINT', state.graph.url);
  }

  // The rule that lets functions in stands here: in the state stack it would make the stacks depend on each other.
  private mayReachDatabase(): SecurityGroup {
    const { graph } = this.shared.state;
    const group = new SecurityGroup(this, 'Functions', {
      vpc: graph.vpc,
      allowAllOutbound: false,
      description: 'Functions that speak to Neptune',
    });
    const { securityGroupId } = graph.securityGroup;
    group.addEgressRule(Peer.securityGroupId(securityGroupId), Port.tcp(graph.port), 'Neptune');
    // The subnets have no route but to the gateway endpoints, so this reaches DynamoDB and S3 only.
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(httpsPort), 'DynamoDB and S3 through the gateway endpoints');
    new CfnSecurityGroupIngress(this, 'FromFunctions', {
      groupId: securityGroupId,
      sourceSecurityGroupId: group.securityGroupId,
      ipProtocol: 'tcp',
      fromPort: graph.port,
      toPort: graph.port,
      description: 'Functions of the graph',
    });
    return group;
  }
}
