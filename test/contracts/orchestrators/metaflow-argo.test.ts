import { describe, expect, it } from 'vitest';
import recorded from './fixtures/metaflow-recorded.json' with { type: 'json' };
import { createArgoStandIn } from './metaflow-argo.stand-in.ts';
import { orchestratorContract, training } from './orchestrator.contract.ts';

orchestratorContract('Metaflow on Argo', createArgoStandIn, {
  // Argo takes any event; whether a flow waits for it shows when none runs.
  refusesUnknownPipelines: false,
  tellsStatus: true,
  endings: ['succeeded', 'failed'],
  stops: false,
  // The webhook answers with a word that nobody reads.
  harmless: ['answers no JSON', 'answers other JSON'],
});

const limits = { timeoutMilliseconds: 10_000 };
const requestId = 'late-live-r1-a1';
const now = '2001-02-05T10:00:00.000Z';
const request = { requestId, pipeline: 'RankerTrainFlow', parameters: training(requestId), now };
const at = (minutes: number) => new Date(Date.parse(now) + minutes * 60_000).toISOString();

describe('Metaflow on Argo besides', () => {
  it('sends the event as Metaflow does, with the parameters beside', async () => {
    const { server, orchestrator, events } = await createArgoStandIn();
    await orchestrator(limits).start(request);
    const { payload: sample } = recorded.argoEvent.body;
    const body = events[0]?.body as { name: string; payload: Record<string, unknown> };
    expect(body.name).toBe('runway.retrain.RankerTrainFlow');
    for (const name of ['name', 'id', 'timestamp', 'utc_date', 'generated-by-metaflow'] as const)
      expect(typeof body.payload[name]).toBe(typeof sample[name]);
    expect(body.payload).toMatchObject({
      ...request.parameters,
      utc_date: '20010205',
      timestamp: Date.parse(now) / 1_000,
    });
    expect(events[0]?.headers).toMatchObject({ authorization: 'Bearer hush' });
    await server.close();
  });

  it('sends no second event while the first may still show', async () => {
    const { server, orchestrator, events, hidden } = await createArgoStandIn();
    hidden.value = true;
    server.faults.push('acts and drops the connection');
    await expect(orchestrator(limits).start(request)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    const again = await orchestrator(limits).start({ ...request, now: at(1), askedBefore: now });
    expect(again).toEqual({
      outcome: 'already-started',
      run: { id: requestId, pipeline: 'RankerTrainFlow', requestedAt: now },
    });
    expect(events).toHaveLength(1);
    if (again.outcome === 'refused') throw new Error('expected a run');
    expect((await orchestrator(limits).status(again.run, at(9))).state).toBe('queued');
    hidden.value = false;
    expect((await orchestrator(limits).status(again.run, at(9))).state).toBe('running');
    await server.close();
  });

  it('sends it again when no run has shown for ten minutes', async () => {
    const { server, orchestrator, events, hidden } = await createArgoStandIn();
    server.faults.push('drops the connection');
    await expect(orchestrator(limits).start(request)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    expect(
      (await orchestrator(limits).status({ id: requestId, pipeline: 'RankerTrainFlow', requestedAt: now }, at(10)))
        .state,
    ).toBe('unknown');
    expect(await orchestrator(limits).start({ ...request, now: at(10), askedBefore: now })).toMatchObject({
      outcome: 'started',
      run: { requestedAt: at(10) },
    });
    expect(events).toHaveLength(1);
    expect(hidden.value).toBe(false);
    await server.close();
  });

  it('keeps the credentials of webhook and metadata service apart', async () => {
    const { server, orchestrator } = await createArgoStandIn();
    const started = await orchestrator(limits).start(request);
    if (started.outcome === 'refused') throw new Error('expected a run');
    await orchestrator(limits).status(started.run, now);
    for (const { path, headers } of server.received) {
      expect(headers.authorization).toBe(path === '/argo' ? 'Bearer hush' : undefined);
      expect(headers['x-api-key']).toBe(path === '/argo' ? undefined : 'hush-hush');
    }
    await server.close();
  });
});
