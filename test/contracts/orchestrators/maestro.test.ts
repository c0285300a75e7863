import { describe, expect, it } from 'vitest';
import { runOfMaestroEvent } from '../../../shared/adapters/orchestrators/maestro-orchestrator.ts';
import recorded from './fixtures/maestro-start-request.json' with { type: 'json' };
import event from './fixtures/maestro-status-change-event.json' with { type: 'json' };
import { createMaestroStandIn } from './maestro.stand-in.ts';
import { orchestratorContract, training } from './orchestrator.contract.ts';

orchestratorContract('Maestro', createMaestroStandIn, {
  refusesUnknownPipelines: true,
  tellsStatus: true,
  endings: ['succeeded', 'failed', 'stopped'],
  stops: true,
});

const limits = { timeoutMilliseconds: 10_000 };
const now = '2001-02-05T10:00:00.000Z';
const request = {
  requestId: 'late-live-r1-a1',
  pipeline: 'ranker-train',
  parameters: training('late-live-r1-a1'),
  now,
};

describe('Maestro besides', () => {
  it('is asked with its own words: user, a UUID, texts as run parameters', async () => {
    const { server, orchestrator } = await createMaestroStandIn();
    await orchestrator(limits).start(request);
    const [{ headers, body, path } = { headers: {}, body: undefined, path: '' }] = server.received;
    expect(path).toBe('/api/v3/workflows/ranker-train/versions/active/actions/start');
    expect(headers).toMatchObject({ user: 'runway-test', authorization: 'Bearer hush' });
    expect(body).toMatchObject({
      initiator: recorded.initiator,
      request_time: Date.parse(now),
      persist_failed_run: false,
    });
    expect(body).toHaveProperty('run_params.championVersion', { value: '2', type: 'STRING' });
    const known = ['initiator', 'request_id', 'request_time', 'run_params', 'persist_failed_run'];
    // Unknown members are answered with 400.
    expect(Object.keys(body as object).toSorted()).toEqual(known.toSorted());
    await server.close();
  });

  it('refuses what the run strategy stops, though it says 200', async () => {
    const { server, orchestrator, next } = await createMaestroStandIn();
    next.status = 'STOPPED';
    const result = await orchestrator(limits).start(request);
    expect(result).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('run strategy') });
    // Maestro keeps the stopped instance under the same id: asked again, it is found, and stands as stopped.
    const again = await orchestrator(limits).start({ ...request, askedBefore: now });
    if (again.outcome === 'refused') throw new Error('expected a run');
    expect((await orchestrator(limits).status(again.run, now)).state).toBe('stopped');
    await server.close();
  });

  it('is unavailable when it says INTERNAL_ERROR, though it says 200', async () => {
    const { server, orchestrator, next } = await createMaestroStandIn();
    next.status = 'INTERNAL_ERROR';
    await expect(orchestrator(limits).start(request)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    expect(await orchestrator(limits).start(request)).toMatchObject({ outcome: 'started' });
    await server.close();
  });

  it('finds a repeated start by its uuid, pages away', async () => {
    const { server, orchestrator } = await createMaestroStandIn();
    const first = await orchestrator(limits).start(request);
    for (let other = 2; other < 10; other += 1)
      await orchestrator(limits).start({ ...request, requestId: `late-live-r${other}-a1` });
    const again = await orchestrator(limits).start({ ...request, askedBefore: now });
    expect(again).toEqual({ ...first, outcome: 'already-started' });
    await server.close();
  });

  it('tells by an event which run to ask about, and nothing of children and other events', () => {
    expect(runOfMaestroEvent({ ...event, depth: 0 })).toEqual({
      id: 'sample-dag-test-3/1',
      hasEnded: true,
    });
    expect(runOfMaestroEvent(event)).toBeUndefined();
    expect(runOfMaestroEvent({ ...event, depth: 0, workflow_id: 'maestro_foreach_x' })).toBeUndefined();
    expect(runOfMaestroEvent({ ...event, type: 'WORKFLOW_DELETION_CHANGE_EVENT' })).toBeUndefined();
    expect(runOfMaestroEvent('nonsense')).toBeUndefined();
  });
});
