import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { CapabilityProps } from '../parts/capability.ts';
import { reachOrchestrators } from '../parts/reach-orchestrators.ts';
import { RetrainingCapability } from '../parts/retraining-capability.ts';
import { runEvents } from '../parts/run-events.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';
import { runwayMetric } from '../parts/runway-metric.ts';
import { everyMinutes } from '../parts/schedule.ts';
import type { Workflow } from '../parts/workflow.ts';

export interface RunsProps extends CapabilityProps {
  readonly retrainWorkflow: Workflow;
}

/** What orchestrators were asked for: how it stands, its stop, and runs that people have started. */
export class Runs extends RetrainingCapability {
  constructor(scope: Construct, id: string, { retrainWorkflow, ...props }: RunsProps) {
    super(scope, id, props);
    const { aliasArn, machine } = retrainWorkflow;
    const starts = (target: RuntimeFunction) =>
      this.limited(target).allow(['states:StartExecution'], [aliasArn]).set('RETRAIN_WORKFLOW_ARN', aliasArn);
    starts(this.writer('retraining/attach-run', { reads: ['commits'] })).set(
      'ORCHESTRATORS',
      JSON.stringify(props.settings.orchestrators),
    );
    const watch = starts(
      this.worker('retraining/watch-runs', { timeout: Duration.minutes(4), reads: ['lists', 'commits'] }),
    ).allow(['states:SendTaskFailure'], [machine.stateMachineArn]);
    this.watches(watch);
  }

  /**
   * Every five minutes, for a run that fails may tell nobody, and when it tells. Where no orchestrator is connected, only
   * retrains that waited for the training queue are left to be started.
   */
  private watches(watch: RuntimeFunction): void {
    const { settings, alarms } = this.shared;
    const minutes = Object.keys(settings.orchestrators).length > 0 ? 5 : settings.decisionIntervalMinutes;
    reachOrchestrators(watch, settings.orchestrators);
    const events = runEvents(this, settings.orchestrators, alarms);
    if (events !== undefined) watch.takeFrom(events, { batchSize: 10 });
    everyMinutes(this, 'RunSchedule', {
      minutes,
      target: watch,
      description: 'Runs that failed without a word, and retrains that waited for an orchestrator',
      alarms,
    });
    alarms.add('OrchestratorCircuitOpen', {
      heading: 'Orchestrator circuit open',
      severity: 'ticket',
      metric: runwayMetric('CircuitsOpen', { period: Duration.minutes(minutes), statistic: 'Maximum' }),
      threshold: 1,
      periods: 2,
      missing: TreatMissingData.IGNORE,
    });
  }
}
