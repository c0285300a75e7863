import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryRoutingPublisher } from '../../shared/adapters/memory/memory-routing-publisher.ts';
import { createRoutedPublisher } from '../../shared/adapters/routed-publisher.ts';
import { createSageMakerEndpointRouter } from '../../shared/adapters/sagemaker/sagemaker-endpoint-router.ts';
import type { TrafficRouter } from '../../shared/ports/traffic-router.ts';
import { faults } from './orchestrators/stand-in-server.ts';
import { routing } from './routing-publisher.contract.ts';
import { createEndpointStandIn, type StandInEndpoint } from './sagemaker-endpoint.stand-in.ts';

const arn = 'arn:aws:sagemaker:eu-west-1:123456789012:endpoint/ranker';

let endpoint: StandInEndpoint;
let router: TrafficRouter;
const routerWith = (settleMilliseconds: number, timeoutMilliseconds = 10_000) =>
  createSageMakerEndpointRouter({
    arn,
    url: endpoint.server.url,
    settleMilliseconds,
    lookMilliseconds: 1,
    timeoutMilliseconds,
    maximumBytes: 200_000,
  });
const weights = () => Object.fromEntries([...endpoint.variants].map(([name, { current }]) => [name, current]));

beforeEach(async () => {
  endpoint = await createEndpointStandIn({ v1: 100, v2: 0, v0: 0 });
  router = routerWith(100);
});
afterEach(() => endpoint.server.close());

describe("the weights of a SageMaker endpoint's variants", () => {
  it('are those of the routing table, other versions have none, and an update is waited for', async () => {
    endpoint.looksPerUpdate = 5;
    await router.route(routing('ranker', 20));
    expect(weights()).toEqual({ v1: 80, v2: 20, v0: 0 });
    expect(endpoint.status).toBe('InService');
  });

  it('sum to 100 whenever anybody looks, over a whole rollout', async () => {
    for (const generation of [5, 20, 50, 100]) await router.route(routing('ranker', generation));
    expect(new Set(endpoint.sums)).toEqual(new Set([100]));
    expect(weights()).toEqual({ v1: 0, v2: 100, v0: 0 });
  });

  it('are written in one call, and not again when they are in force', async () => {
    await router.route(routing('ranker', 20));
    await router.route(routing('ranker', 20));
    expect(endpoint.updates()).toBe(1);
  });

  it('wait for an endpoint that somebody else updates', async () => {
    endpoint.status = 'Updating';
    await router.route(routing('ranker', 20));
    expect(weights()).toEqual({ v1: 80, v2: 20, v0: 0 });
  });

  it('are taken up by the next call where an update lasts longer than a call waits', async () => {
    endpoint.looksPerUpdate = 50;
    const impatient = routerWith(3);
    await expect(impatient.route(routing('ranker', 20))).rejects.toMatchObject({
      name: 'DependencyUnavailable',
      cause: expect.objectContaining({ message: 'the endpoint is Updating, expected InService' }),
    });
    endpoint.looksPerUpdate = 0;
    for (let call = 0; endpoint.status === 'Updating'; call += 1) {
      expect(call).toBeLessThan(50);
      await impatient.route(routing('ranker', 20)).catch(() => {});
    }
    await impatient.route(routing('ranker', 20));
    expect(endpoint.updates()).toBe(1);
    expect(weights()).toEqual({ v1: 80, v2: 20, v0: 0 });
  });

  it.each(['Failed', 'OutOfService', 'Deleting', 'UpdateRollbackFailed'])(
    'are not touched while the endpoint is %s',
    async (status) => {
      endpoint.status = status;
      await expect(router.route(routing('ranker', 20))).rejects.toMatchObject({ name: 'DependencyUnavailable' });
      expect(endpoint.updates()).toBe(0);
    },
  );

  it('are not touched where a version that is to serve is not deployed; one that is to serve nothing may be missing', async () => {
    endpoint.variants.delete('v2');
    await expect(router.route(routing('ranker', 20))).rejects.toMatchObject({
      name: 'InvalidRequest',
      code: 'unknown-variant',
      message: expect.stringContaining('has no variant v2'),
    });
    expect(endpoint.updates()).toBe(0);
    await router.route(routing('ranker', 0));
    expect(weights()).toEqual({ v1: 100, v0: 0 });
  });

  it.each(faults)('come to what they are to be in the end when the server %s, at any of its calls', async (fault) => {
    for (const call of [0, 1, 2]) {
      const generation = 10 * (call + 1);
      const beforeFault = endpoint.server.received.length;
      // Only who hangs is given up on: a busy machine may need longer than that for an answer.
      const short = routerWith(100, fault.includes('hang') ? 250 : 10_000);
      endpoint.failAfter(call, fault);
      await short.route(routing('ranker', generation)).catch((error: unknown) => {
        expect(error).toMatchObject({ name: 'DependencyUnavailable' });
      });
      if (!fault.includes('hang')) expect(endpoint.server.received.length).toBeGreaterThan(beforeFault);
      endpoint.server.faults.length = 0;
      for (let again = 0; weights().v2 !== generation || endpoint.status !== 'InService'; again += 1) {
        expect(again).toBeLessThan(10);
        await router.route(routing('ranker', generation));
      }
    }
    expect(new Set(endpoint.sums)).toEqual(new Set([100]));
  });
});

describe('a publisher with a router', () => {
  const createTable = () => {
    const memory = createMemoryRoutingPublisher();
    return { ...memory, published: async (modelId: string) => memory.read(modelId) };
  };

  it('routes what the table says, not what an older writer remembers', async () => {
    const table = createTable();
    const publisher = createRoutedPublisher(table, () => router);
    await publisher.publish(routing('ranker', 50));
    await publisher.publish(routing('ranker', 20));
    expect(weights()).toEqual({ v1: 50, v2: 50, v0: 0 });
  });

  it('routes again when the table moves on meanwhile', async () => {
    const table = createTable();
    const routed: number[] = [];
    const slow: TrafficRouter = {
      route: async ({ generation }) => {
        routed.push(generation);
        if (generation === 20) await table.publish(routing('ranker', 50));
      },
    };
    await createRoutedPublisher(table, () => slow).publish(routing('ranker', 20));
    expect(routed).toEqual([20, 50]);
  });

  it('gives up where the table does not come to rest, so that it is called again', async () => {
    const table = createTable();
    const restless: TrafficRouter = { route: ({ generation }) => table.publish(routing('ranker', generation + 1)) };
    await expect(createRoutedPublisher(table, () => restless).publish(routing('ranker', 1))).rejects.toMatchObject({
      name: 'DependencyUnavailable',
    });
  });

  it('only publishes where nothing but the table serves', async () => {
    const table = createTable();
    await createRoutedPublisher(table, () => undefined).publish(routing('ranker', 20));
    expect(table.read('ranker')).toEqual(routing('ranker', 20));
    expect(endpoint.server.received).toHaveLength(0);
  });
});
