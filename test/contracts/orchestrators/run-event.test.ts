import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endedRunOf } from '../../../shared/adapters/orchestrators/run-event.ts';
import { isRunwayError } from '../../../shared/domain/errors.ts';
import recorded from './fixtures/maestro-status-change-event.json' with { type: 'json' };

const maestro = { ...recorded, depth: 0 };
const executionArn = 'arn:aws:states:eu-west-1:123456789012:execution:train-ranker:late-live-r1-a1';
const pipelineExecutionArn = 'arn:aws:sagemaker:eu-west-1:123456789012:pipeline/ranker-train/execution/abc';
const states = (status: string) => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: { executionArn, status, cause: null },
});
const sageMaker = (currentPipelineExecutionStatus: string) => ({
  source: 'aws.sagemaker',
  'detail-type': 'SageMaker Model Building Pipeline Execution Status Change',
  detail: { pipelineExecutionArn, currentPipelineExecutionStatus, previousPipelineExecutionStatus: 'Executing' },
});
const read = (event: unknown) => endedRunOf(JSON.stringify(event));

describe('an event about a run', () => {
  it.each([
    ['Maestro, raw', maestro, 'sample-dag-test-3/1'],
    ['Maestro in SNS’s envelope', { Type: 'Notification', Message: JSON.stringify(maestro) }, 'sample-dag-test-3/1'],
    ['Step Functions', states('TIMED_OUT'), executionArn],
    ['SageMaker', sageMaker('Failed'), pipelineExecutionArn],
  ])('of %s names the run that has ended', (_, event, run) => {
    expect(read(event)).toBe(run);
  });

  it.each([
    ['a run of Maestro that goes on', { ...maestro, new_status: 'IN_PROGRESS' }],
    ['a child of a run', recorded],
    ['a step', { ...maestro, type: 'STEP_INSTANCE_STATUS_CHANGE_EVENT' }],
    ['a definition', { type: 'WORKFLOW_DEFINITION_CHANGE_EVENT', workflow_id: 'x' }],
    ['an execution that begins', states('RUNNING')],
    ['a pipeline that is about to stop', sageMaker('Stopping')],
  ])('is none about %s', (_, event) => {
    expect(read(event)).toBeUndefined();
  });

  it('is refused when it is anything else, whatever it is', () => {
    const invalid = (text: string) => {
      try {
        return endedRunOf(text) === undefined ? 'ignored' : 'taken';
      } catch (error) {
        return isRunwayError(error) ? error.name : 'thrown';
      }
    };
    for (const text of ['', '{', 'null', '[]', '{"source":"aws.ec2"}', JSON.stringify({ source: 'aws.states' })])
      expect(invalid(text)).toBe('InvalidRequest');
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(invalid(text)).toBe('InvalidRequest');
      }),
    );
  });
});
