import { expect, test } from 'vitest';
import { dependencyUnavailable } from '../../../../shared/adapters/dependency-error.ts';
import { takeLineage } from '../../../../shared/use-cases/graph/openlineage/take-lineage.ts';
import { emptyGraph, factsIn, lake, now, pipeline, runEvent } from './graph-of.ts';

const events = ['a', 'b', 'c'].map((output) => runEvent({ job: output, outputs: [output] }));

/** States of that dataset cannot be written. */
function graphWithout(name: string, cause: Error) {
  const ports = emptyGraph();
  const put: typeof ports.states.put = async (write, at) => {
    if (write.key.endsWith(`/${name}`)) throw cause;
    return ports.states.put(write, at);
  };
  return { ...ports, states: { ...ports.states, put }, inbox: { read: async () => events } };
}

test('an event that cannot be applied holds back none of those that came with it, and is tried again', async () => {
  const ports = graphWithout('b', new Error('item too large'));
  await expect(takeLineage(ports, 'name', now)).rejects.toThrow('item too large');
  const { edges } = await factsIn(ports);
  for (const name of ['a', 'c']) expect(edges).toContain(`${lake(name)} producedBy ${pipeline(name)}`);
});

test('while a service does not answer nothing is tried one by one', async () => {
  const ports = graphWithout('a', dependencyUnavailable('DynamoDB', undefined));
  await expect(takeLineage(ports, 'name', now)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  expect((await factsIn(ports)).edges).toEqual([]);
});

test('what was kept is applied, and applied again changes nothing', async () => {
  const ports = { ...emptyGraph(), inbox: { read: async () => events } };
  expect(await takeLineage(ports, 'name', now)).toMatchObject({ events: 3 });
  expect(await takeLineage(ports, 'name', now)).toEqual({ events: 3, changed: 0 });
});
