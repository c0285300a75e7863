import { expect, it } from 'vitest';
import type { Routing } from '../../shared/domain/registry/model.ts';
import type { RoutingPublisher } from '../../shared/ports/routing-publisher.ts';

export type PublishedRoutings = {
  readonly publisher: RoutingPublisher;
  readonly read: (modelId: string) => Promise<Routing | undefined>;
};

/** A table whose candidate has a percent of the traffic per generation. */
export function routing(modelId: string, generation: number): Routing {
  return {
    modelId,
    generation,
    changedAt: '2001-02-05T00:00:00.000Z',
    arms: [
      { version: 1, role: 'champion', weightPercent: 100 - generation },
      { version: 2, role: 'candidate', weightPercent: generation },
    ],
    shadows: [{ version: 1 }, { version: 2 }],
  };
}

/** What every routing publisher keeps. Each test uses a model of its own. */
export function routingPublisherContract(create: () => PublishedRoutings): void {
  it('publishes what it is given', async () => {
    const { publisher, read } = create();
    await publisher.publish(routing('first', 1));
    expect(await read('first')).toEqual(routing('first', 1));
  });

  it('replaces an older generation', async () => {
    const { publisher, read } = create();
    await publisher.publish(routing('newer', 1));
    await publisher.publish(routing('newer', 2));
    expect(await read('newer')).toEqual(routing('newer', 2));
  });

  it('never puts an older generation over a newer one', async () => {
    const { publisher, read } = create();
    await publisher.publish(routing('older', 3));
    await publisher.publish(routing('older', 2));
    expect(await read('older')).toEqual(routing('older', 3));
  });

  it('ends with the newest of those published at once', async () => {
    const { publisher, read } = create();
    await publisher.publish(routing('race', 1));
    await Promise.all([3, 5, 4, 2].map((generation) => publisher.publish(routing('race', generation))));
    expect((await read('race'))?.generation).toBe(5);
  });

  it('keeps models apart', async () => {
    const { publisher, read } = create();
    await publisher.publish(routing('one', 7));
    expect(await read('another')).toBeUndefined();
  });
}
