import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import type { Workflow } from '../parts/workflow.ts';

export interface RolloutPeopleProps extends CapabilityProps {
  readonly rolloutWorkflow: Workflow;
}

/** What people do to rollouts: approve, pause, promote, abort, and take back a champion. */
export class RolloutPeople extends Capability {
  private readonly machine: IStateMachine;
  private readonly machineName: string;

  constructor(scope: Construct, id: string, props: RolloutPeopleProps) {
    super(scope, id, props);
    this.machine = props.rolloutWorkflow.machine;
    this.machineName = props.rolloutWorkflow.machine.stateMachineName;
    this.reader('rollout/get-approval');
    this.reader('rollout/list-approvals', { reads: ['heads', 'lists'] });
    this.writer('rollout/pause-rollout');
    this.ends();
    this.approvals();
    this.rollbacks();
  }

  /** Whoever acts wakes the workflow that waits for it; the tokens are those of exactly this workflow's tasks. */
  private approvals(): void {
    const { stateMachineArn } = this.machine;
    this.writer('rollout/delegate-approval');
    for (const path of ['rollout/decide-approval', 'rollout/resume-rollout'])
      this.writer(path).allow(['states:SendTaskSuccess'], [stateMachineArn]);
  }

  private rollbacks(): void {
    const options = { reads: ['lists'], timeout: Duration.seconds(29), memory: 1_769 } as const;
    this.walksGraph(this.limited(this.publishesRouting(this.writer('rollout/withdraw-champion', options))));
  }

  /** What a person ends needs its workflow no longer. */
  private ends(): void {
    const { machine } = this;
    // An execution's name is chosen at run time; the wildcard stays below this one machine.
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.machineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    for (const path of ['rollout/abort-rollout', 'rollout/promote-now'])
      this.publishesRouting(this.writer(path, { timeout: Duration.seconds(29) }))
        .allow(['states:StopExecution'], [executions])
        .acceptWildcard(executions, 'Names of executions are chosen at run time; these are those of one workflow')
        .set('ROLLOUT_WORKFLOW_ARN', machine.stateMachineArn);
  }
}
