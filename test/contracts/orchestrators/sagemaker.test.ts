import { describe, expect, it } from 'vitest';
import { createSageMakerOrchestrator } from '../../../shared/adapters/orchestrators/sagemaker-orchestrator.ts';
import { orchestratorContract, training } from './orchestrator.contract.ts';
import { createSageMakerStandIn } from './sagemaker.stand-in.ts';
import { createStandInServer } from './stand-in-server.ts';

orchestratorContract('SageMaker Pipelines', createSageMakerStandIn, {
  refusesUnknownPipelines: true,
  tellsStatus: true,
  endings: ['succeeded', 'failed', 'stopped'],
  stops: true,
});

const arn = 'arn:aws:sagemaker:eu-west-1:123456789012:pipeline/ranker-train';
const requestId = 'late-live-r1-a1';
const request = {
  requestId,
  pipeline: 'ranker-train',
  parameters: training(requestId),
  now: '2001-02-05T10:00:00.000Z',
};

describe('SageMaker Pipelines besides', () => {
  it.each([
    ['ThrottlingException', 'unavailable'],
    ['ResourceLimitExceeded', 'unavailable'],
    ['com.amazonaws.sagemaker#AccessDeniedException', 'unavailable'],
    ['ValidationException', 'refused'],
    ['ConflictException', 'refused'],
  ])('takes %s as %s', async (__type, as) => {
    const body = { __type, message: 'parameter x is not declared' };
    const server = await createStandInServer(() => ({ status: 400, body }));
    const started = createSageMakerOrchestrator({ pipelines: [arn], endpoint: server.url }).start(request);
    if (as === 'unavailable') await expect(started).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    else expect(await started).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('parameter x') });
    await server.close();
  });
});
