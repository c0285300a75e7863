import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { workflows } from '../../shared/names.ts';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';
import { runwayMetric } from '../parts/runway-metric.ts';
import { Workflow } from '../parts/workflow.ts';

/** Is the new version better, and can it be taken back. */
export class Rollout extends Capability {
  readonly workflow: Workflow;

  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    this.reader('rollout/list-rollouts', { reads: ['heads', 'lists'] });
    for (const path of ['rollout/get-rollout', 'rollout/get-routing']) this.reader(path);
    this.workflow = new Workflow(this, 'RollOutVersion', {
      file: workflows.rollOutVersion,
      functions: {
        checkLoadability: this.readsArtifacts(
          this.worker('rollout/check-loadability', { timeout: Duration.seconds(60) }),
        ),
        judgeValidation: this.readsArtifacts(
          this.worker('rollout/judge-validation', { timeout: Duration.seconds(120), memory: 1_024, reads: ['lists'] }),
        ),
        shiftTraffic: this.publishesRouting(this.worker('rollout/shift-traffic')),
        judgeStep: this.worker('rollout/judge-step', { timeout: Duration.seconds(30) }).bindTable(
          'GROUND_TRUTH_TABLE',
          props.state.groundTruthTable,
          ['dynamodb:Query'],
        ),
        awaitPerson: this.worker('rollout/await-person'),
        promoteVersion: this.publishesRouting(this.worker('rollout/promote-version')),
        rejectCandidate: this.publishesRouting(this.worker('rollout/reject-candidate')),
        rollBackRollout: this.publishesRouting(this.worker('rollout/roll-back')),
      },
      logRetentionDays: props.settings.logRetentionDays,
      alarms: props.alarms,
      // A candidate may be left with a share of the traffic.
      severity: 'page',
    });
    this.writer('rollout/answer-load-probe');
    props.alarms.add('RolloutRolledBack', {
      heading: 'Rollout rolled back',
      severity: 'ticket',
      metric: runwayMetric('RolloutsRolledBack', { period: Duration.hours(1), statistic: 'Sum' }),
      threshold: 1,
    });
  }

  /** Lets a function of another capability open a rollout. */
  allowStart(target: RuntimeFunction): void {
    target
      .allow(['states:StartExecution'], [this.workflow.aliasArn])
      .set('ROLLOUT_WORKFLOW_ARN', this.workflow.aliasArn);
  }
}
