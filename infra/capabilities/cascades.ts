import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CapabilityProps } from '../parts/capability.ts';
import { RetrainingCapability } from '../parts/retraining-capability.ts';
import { everyMinutes } from '../parts/schedule.ts';
import type { Workflow } from '../parts/workflow.ts';

export interface CascadesProps extends CapabilityProps {
  readonly retrainWorkflow: Workflow;
}

/** What follows a promotion, and what people do to the queue of retrains. */
export class Cascades extends RetrainingCapability {
  constructor(scope: Construct, id: string, { retrainWorkflow, ...props }: CascadesProps) {
    super(scope, id, props);
    this.reader('retraining/list-cascades', { reads: ['lists'] });
    this.reader('retraining/get-cascade');
    this.writer('retraining/veto-cascade');
    for (const change of ['hold', 'release', 'bump']) this.writer(`retraining/${change}-retrain`);
    // Whoever waits for the training is told that it was cancelled.
    this.writer('retraining/cancel-retrain').allow(
      ['states:SendTaskFailure'],
      [retrainWorkflow.machine.stateMachineArn],
    );
    this.advances();
  }

  /** Planned with the promotion, then asked for as what stands before it ends. */
  private advances(): void {
    const { settings, alarms } = this.shared;
    const options = { timeout: Duration.minutes(2), memory: 1_769, reads: ['lists', 'commits'] } as const;
    const advance = this.walksGraph(this.limited(this.worker('retraining/advance-cascades', options)));
    this.freezes(advance);
    everyMinutes(this, 'CascadeSchedule', {
      minutes: settings.decisionIntervalMinutes,
      target: advance,
      description: 'Ended cooldowns, opened windows, and whatever a lost hint left behind',
      alarms,
    });
    this.consumes('CascadeAdvance', advance, Duration.minutes(12), {
      detailType: ['VersionPromoted', 'RetrainFailed', 'RetrainCancelled', 'CandidateRefused', 'RollbackCompleted'],
    });
  }
}
