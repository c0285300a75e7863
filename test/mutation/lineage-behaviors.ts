import { gzipSync } from 'node:zlib';
import type { Behavior } from './behaviors.ts';
import { fact } from './customer.ts';
import type { World } from './world.ts';

/** One run that reads one dataset of the world's own and writes another. */
function eventOf({ modelId, now }: World, name: string) {
  const dataset = (side: string) => ({ namespace: 's3://lake', name: `${modelId}/${side}` });
  return {
    eventType: 'COMPLETE',
    eventTime: new Date(now()).toISOString(),
    run: { runId: 'f3a1f1a0-0000-4000-8000-000000000001' },
    job: { namespace: 'airflow://prod', name: `${modelId}-${name}` },
    inputs: [dataset('raw')],
    outputs: [dataset('clean')],
  };
}

async function lineageKey({ succeed, modelId }: World): Promise<string> {
  const asked = { writer: `flights/lineage-${modelId}`, scopes: ['lineage'] };
  return String((await succeed('POST', '/v1/writers', asked)).lineageKey);
}

async function post({ cloud }: World, path: string, headers: Readonly<Record<string, string>>, body: unknown) {
  const json = { 'content-type': 'application/json', ...headers };
  const init = { method: 'POST', headers: json, body: body instanceof Uint8Array ? body : JSON.stringify(body) };
  return fetch(`${cloud.apiUrl}${path}`, init);
}

/** The graph shows what the events said. */
async function expectLineage(world: World, job: string): Promise<void> {
  await world.settle();
  const uri = encodeURIComponent(`aip://dataset/openlineage/s3%3A//lake/${world.modelId}/clean`);
  const { items } = await world.succeed('GET', `/v1/entities/${uri}/lineage`);
  const names = (items as readonly { readonly name: string }[]).map(({ name }) => name);
  fact(
    names.some((name) => name.endsWith(job)) && names.some((name) => name.endsWith('/raw')),
    () => `what it depends on is ${names.join()}`,
  );
}

async function tellOne(world: World): Promise<void> {
  const headers = { authorization: `Bearer ${await lineageKey(world)}`, 'content-encoding': 'gzip' };
  const event = eventOf(world, 'one');
  const body = new Uint8Array(gzipSync(JSON.stringify(event)));
  const statuses = [
    (await post(world, '/api/v1/lineage', headers, body)).status,
    (await post(world, '/api/v1/lineage', { authorization: 'Bearer guessed' }, event)).status,
  ];
  fact(statuses.join() === '201,403', () => `it answered ${statuses.join()}`);
  await expectLineage(world, `${world.modelId}-one`);
}

export const lineage: Readonly<Record<string, Behavior>> = {
  'POST /api/v1/lineage': {
    name: 'what a run read and wrote is in the graph once an OpenLineage client has told it, for who has a key',
    run: tellOne,
  },
  'POST /api/v1/lineage/batch': {
    name: 'of a batch the events that can be read are in the graph, and the others are named',
    async run(world) {
      const headers = { 'x-api-key': await lineageKey(world) };
      const answer = await post(world, '/api/v1/lineage/batch', headers, [eventOf(world, 'two'), { job: {} }]);
      const { failed_events } = Object(await answer.json());
      fact(answer.status === 200 && failed_events?.[0]?.index === 1, () => `it answered ${answer.status}`);
      await expectLineage(world, `${world.modelId}-two`);
    },
  },
  'mapping graph/apply-lineage': {
    name: 'what was accepted of OpenLineage is put into the graph',
    run: tellOne,
  },
};
