import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createSqsTrainingQueue } from '../../../shared/adapters/sqs/sqs-training-queue.ts';
import { createStepFunctionsWorkflowEngine } from '../../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { day } from './flight-models.ts';

const settings = { region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const stateMachineArn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:RollOutVersion';

/** A workflow engine whose service answers every call with the error, or accepts it. */
function engineThat(answer: 'accepts' | { readonly refusesWith: string }) {
  const calls: unknown[] = [];
  const client = new SFNClient(settings);
  client.middlewareStack.add(
    (_next, { commandName }) =>
      async ({ input }) => {
        calls.push([commandName, input]);
        if (answer !== 'accepts') throw Object.assign(new Error('refused'), { name: answer.refusesWith });
        return { response: {}, output: { $metadata: {}, executionArn: 'arn', startDate: new Date(0) } };
      },
    { step: 'initialize' },
  );
  return { calls, engine: createStepFunctionsWorkflowEngine({ client, arns: { rollOutVersion: stateMachineArn } }) };
}

describe('workflows on Step Functions', () => {
  it('starts by name', async () => {
    const { engine, calls } = engineThat('accepts');
    await engine.start('rollOutVersion', 'late-basic-o1', { rolloutId: 'late-basic-o1' });
    expect(calls).toEqual([
      ['StartExecutionCommand', { stateMachineArn, name: 'late-basic-o1', input: '{"rolloutId":"late-basic-o1"}' }],
    ]);
  });

  it('stops the execution of that name', async () => {
    const { engine, calls } = engineThat('accepts');
    await engine.stop('rollOutVersion', 'late-basic-o1', 'storm');
    expect(calls).toEqual([
      [
        'StopExecutionCommand',
        {
          executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:RollOutVersion:late-basic-o1',
          error: 'Aborted',
          cause: 'storm',
        },
      ],
    ]);
  });

  it('takes an execution that exists as started, one that does not as stopped, and a task that nobody awaits as answered', async () => {
    await engineThat({ refusesWith: 'ExecutionAlreadyExists' }).engine.start('rollOutVersion', 'a', {});
    await engineThat({ refusesWith: 'ExecutionDoesNotExist' }).engine.stop('rollOutVersion', 'a', 'storm');
    for (const refusesWith of ['TaskDoesNotExist', 'TaskTimedOut']) {
      await engineThat({ refusesWith }).engine.succeedTask('token', {});
      await engineThat({ refusesWith }).engine.failTask('token', 'TrainingFailed', 'out of memory');
    }
  });

  it('passes on what may pass as DependencyUnavailable, and anything else as it is', async () => {
    const start = (refusesWith: string) => engineThat({ refusesWith }).engine.start('rollOutVersion', 'a', {});
    await expect(start('ThrottlingException')).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    await expect(start('InvalidName')).rejects.toMatchObject({ name: 'InvalidName' });
    await expect(engineThat({ refusesWith: 'InvalidToken' }).engine.succeedTask('token', {})).rejects.toMatchObject({
      name: 'InvalidToken',
    });
  });

  it('knows only the workflows it was given', async () => {
    await expect(engineThat('accepts').engine.start('retrainModel', 'a', {})).rejects.toThrow(
      'workflow retrainModel was not given',
    );
  });
});

describe('training requests on SQS', () => {
  it('are sent as JSON', async () => {
    const sent: unknown[] = [];
    const client = new SQSClient({ ...settings, md5: false });
    client.middlewareStack.add(
      () =>
        async ({ input }) => {
          sent.push(input);
          return { response: {}, output: { $metadata: {} } };
        },
      { step: 'initialize', priority: 'high' },
    );
    const request = {
      runId: 'late-basic-r1-a1',
      retrainId: 'late-basic-r1',
      modelId: 'late-basic',
      team: 'punctuality',
      causes: ['drift'] as const,
      requestedAt: day(3),
      championVersion: 1,
      championArtifactUri: 's3://artifacts/a',
      correlationId: 'retrain:late-basic-r1',
    };
    await createSqsTrainingQueue({ client, queueUrl: 'https://sqs/requests' }).publish(request);
    expect(sent).toEqual([{ QueueUrl: 'https://sqs/requests', MessageBody: JSON.stringify(request) }]);
  });
});
