import { describe, expect, it } from 'vitest';
import { orchestratorContract, training } from './orchestrator.contract.ts';
import { createStepFunctionsStandIn } from './step-functions.stand-in.ts';

const traits = {
  refusesUnknownPipelines: true,
  tellsStatus: true,
  endings: ['succeeded', 'failed', 'stopped'],
  stops: true,
  // The SDK reads what AWS answers, however much it is.
  harmless: ['answers too much'],
} as const;

orchestratorContract('Step Functions', () => createStepFunctionsStandIn(), traits);
orchestratorContract('Metaflow on Step Functions', () => createStepFunctionsStandIn('metaflow'), traits);

const limits = { timeoutMilliseconds: 10_000 };
const requestId = 'late-live-r1-a1';
const request = {
  requestId,
  pipeline: 'RankerTrainFlow',
  parameters: training(requestId),
  now: '2001-02-05T10:00:00.000Z',
};

describe('Step Functions besides', () => {
  it('gives a state machine the parameters, and a flow a text of them', async () => {
    const plain = await createStepFunctionsStandIn();
    const flow = await createStepFunctionsStandIn('metaflow');
    await plain.orchestrator(limits).start(request);
    await flow.orchestrator(limits).start(request);
    expect(plain.inputOf(requestId)).toEqual(request.parameters);
    expect(flow.inputOf(requestId)).toEqual({ Parameters: JSON.stringify(request.parameters) });
    await Promise.all([plain.server.close(), flow.server.close()]);
  });

  it('finds a run that has ended, whatever is asked with the same id', async () => {
    const { orchestrator, end, server } = await createStepFunctionsStandIn();
    const first = await orchestrator(limits).start(request);
    end(requestId, 'failed', request.now);
    const parameters = training('another');
    const again = await orchestrator(limits).start({ ...request, parameters, askedBefore: request.now });
    expect(again).toEqual({ ...first, outcome: 'already-started' });
    await server.close();
  });
});
