import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { workflows } from '../../shared/names.ts';
import type { CapabilityProps } from '../parts/capability.ts';
import { workQueue } from '../parts/queue.ts';
import { reachOrchestrators } from '../parts/reach-orchestrators.ts';
import { RetrainingCapability } from '../parts/retraining-capability.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';
import { allTiers, runwayMetric } from '../parts/runway-metric.ts';
import { everyMinutes } from '../parts/schedule.ts';
import { Workflow } from '../parts/workflow.ts';

export interface RetrainingProps extends CapabilityProps {
  readonly rolloutWorkflow: Workflow;
}

/** Should it be retrained, when, in which order; and the queue from which trainers take their work. */
export class Retraining extends RetrainingCapability {
  readonly trainingRequests: Queue;
  readonly workflow: Workflow;
  /** Work that waits, by name. */
  readonly queues: Record<string, Queue> = {};

  constructor(scope: Construct, id: string, props: RetrainingProps) {
    super(scope, id, props);
    // A trainer may hold a request as long as a training takes; it extends the visibility itself beyond that.
    this.trainingRequests = workQueue(this, 'TrainingRequests', {
      alarms: props.alarms,
      visibilityTimeout: Duration.hours(6),
      maximumReceives: 3,
    });
    this.queues['training requests'] = this.trainingRequests;
    // Held requests age too, so the limit is the time a trainer may hold one.
    props.alarms.addWaiting('TrainingRequests', this.trainingRequests, Duration.hours(6));
    this.reader('retraining/list-decisions', { reads: ['heads', 'commits'] });
    this.freezes(
      this.reader('retraining/dry-run-policy', { reads: ['heads', 'lists'] }).bindTable(
        'HEALTH_TABLE',
        props.state.healthTable,
        ['dynamodb:GetItem'],
      ),
    );
    this.reader('retraining/list-retrains', { reads: ['heads', 'lists'] });
    this.limited(this.reader('retraining/list-queue', { reads: ['heads', 'lists'] }));
    this.reader('retraining/get-run');
    const planned = { reads: ['heads', 'lists'], timeout: Duration.seconds(29), memory: 1_769 } as const;
    this.walksGraph(this.limited(this.reader('retraining/plan-retrains', planned)));
    this.readsArtifacts(this.writer('retraining/complete-run', { timeout: Duration.seconds(29) }));
    this.workflow = this.retrainWorkflow(props.rolloutWorkflow);
    // `complete-run` answers the tokens of exactly this workflow's tasks.
    this.functions
      .get('retraining/complete-run')!
      .allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], [this.workflow.machine.stateMachineArn]);
    this.writer('retraining/request-retrain');
    this.decisions(props.rolloutWorkflow);
    this.watch();
  }

  private watch(): void {
    const { alarms, settings } = this.shared;
    const sweep = { period: Duration.minutes(settings.decisionIntervalMinutes), statistic: 'Maximum' } as const;
    alarms.add('Tier1RetrainBlocked', {
      heading: 'Tier 1 retrain blocked',
      severity: 'page',
      metric: runwayMetric('OldestQueuedMinutes', { ...sweep, tier: 1 }),
      threshold: Duration.hours(4).toMinutes(),
      missing: TreatMissingData.IGNORE,
    });
    alarms.add('RetrainQueueOld', {
      heading: 'Retrain queue old',
      severity: 'ticket',
      metric: new MathExpression({
        expression: 'MAX([tier1, tier2, tier3, tier4])',
        usingMetrics: allTiers('OldestQueuedMinutes', sweep),
        period: sweep.period,
        label: 'minutes that the oldest retrain has been queued',
      }),
      threshold: Duration.days(1).toMinutes(),
      missing: TreatMissingData.IGNORE,
    });
    alarms.add('DecisionsStopped', {
      heading: 'Decisions stopped',
      severity: 'page',
      metric: runwayMetric('OldestQueuedMinutes', { ...sweep, statistic: 'SampleCount', tier: 1 }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: 2,
      missing: TreatMissingData.BREACHING,
    });
    const hour = { period: Duration.hours(1), statistic: 'Sum' } as const;
    alarms.add('RetrainsFailing', {
      heading: 'Retrains failing',
      severity: 'ticket',
      metric: runwayMetric('RetrainsFailed', hour),
      threshold: 1,
    });
  }

  private retrainWorkflow(rolloutWorkflow: Workflow): Workflow {
    const requestTraining = this.worker('retraining/request-training', { reads: ['commits'] })
      .allow(['sqs:SendMessage'], [this.trainingRequests.queueArn])
      .set('TRAINING_REQUEST_QUEUE_URL', this.trainingRequests.queueUrl);
    reachOrchestrators(requestTraining, this.shared.settings.orchestrators);
    return new Workflow(this, 'RetrainModel', {
      file: workflows.retrainModel,
      functions: { requestTraining, closeRetrain: this.worker('retraining/close-retrain') },
      workflows: { rollOutVersionArn: rolloutWorkflow },
      logRetentionDays: this.shared.settings.logRetentionDays,
      alarms: this.shared.alarms,
      // The sweep closes the retrain and decides anew.
      severity: 'ticket',
    });
  }

  private decisions(rolloutWorkflow: Workflow): void {
    const { settings, state, alarms } = this.shared;
    const decide = this.starts(
      this.worker('retraining/decide-retrains', { timeout: Duration.minutes(2), reads: ['lists', 'commits'] }),
    ).bindTable('HEALTH_TABLE', state.healthTable, ['dynamodb:GetItem']);
    this.freezes(decide);
    // A promoted version that breaches may be taken back before anything is retrained.
    this.publishesRouting(decide);
    // The sweep also starts rollouts whose first start was lost.
    decide
      .allow(['states:StartExecution'], [rolloutWorkflow.aliasArn])
      .set('ROLLOUT_WORKFLOW_ARN', rolloutWorkflow.aliasArn);
    everyMinutes(this, 'DecisionSchedule', {
      minutes: settings.decisionIntervalMinutes,
      target: decide,
      description: 'Backstops, ended cooldowns, and whatever a lost hint left behind',
      alarms,
    });
    this.queues.RetrainDecisions = this.consumes('RetrainDecisions', decide, Duration.minutes(12), {
      detailType: ['HealthChanged'],
      detail: { event: { status: ['at-risk'] } },
    });

    const dispatch = this.starts(
      this.worker('retraining/dispatch-retrains', { timeout: Duration.minutes(1), reads: ['lists', 'commits'] }),
    );
    this.queues.RetrainDispatch = this.consumes('RetrainDispatch', dispatch, Duration.minutes(6), {
      detailType: ['RetrainRequested', 'RetrainReleased', 'RetrainSucceeded', 'RetrainFailed', 'RetrainCancelled'],
    });
  }

  /** Starts retrains, and answers tokens whose completion was recorded by a function that then died. */
  private starts(target: RuntimeFunction): RuntimeFunction {
    const { aliasArn, machine } = this.workflow;
    return this.limited(target)
      .allow(['states:StartExecution'], [aliasArn])
      .allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], [machine.stateMachineArn])
      .set('RETRAIN_WORKFLOW_ARN', aliasArn);
  }
}
