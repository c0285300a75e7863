import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boot, type Running } from '../e2e/boot.ts';
import { flightModel, registeredAt } from '../e2e/late-basic.ts';
import { versionOf } from '../mutation/model-life.ts';

describe('GraphQL over the deployed template', () => {
  let running: Running;
  const post = async (body: string, token: string | undefined) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const headers = { 'content-type': 'application/json', ...authorization };
    const response = await fetch(`${running.cloud.apiUrl}/graphql`, { method: 'POST', headers, body });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  const as = (...groups: string[]) => running.cloud.token({ sub: 'ada', groups });

  beforeAll(async () => {
    running = await boot(registeredAt);
    const { customer, cloud, now } = running;
    await customer.succeed('POST', '/v1/models', flightModel('basic', { owners: ['ada@example.com'] }));
    const version = await versionOf(customer, 'basic', 'first', now());
    await customer.succeed('POST', '/v1/models/basic/versions', { ...version, pipeline: 'flights/training' });
    await customer.succeed('POST', '/v1/models/basic/versions/1/deployment', {});
    await cloud.pump();
  });
  afterAll(() => running?.end());

  it('answers what a model is made of in one query', async () => {
    const query =
      '{ model(id: "aip://model/registry/basic") { name tier owners { name } currentInstance { version pipeline { name } trainingData { edges { node { name } } } features { edges { node { name } } } } } }';
    const answer = await post(JSON.stringify({ query }), await as('viewer'));
    expect(answer.status, answer.body).toBe(200);
    expect(answer.headers.get('x-correlation-id')).toBeTruthy();
    expect(JSON.parse(answer.body)).toEqual({
      data: {
        model: {
          name: 'basic',
          tier: expect.any(Number),
          owners: [{ name: 'ada@example.com' }, { name: 'flights' }],
          currentInstance: {
            version: '1',
            pipeline: { name: 'flights/training' },
            trainingData: { edges: [{ node: { name: 'flights' } }] },
            features: { edges: [{ node: { name: 'distance' } }, { node: { name: 'origin' } }] },
          },
        },
      },
    });
  });

  it('finds by words, mistyped too, and leads on into the graph', async () => {
    const query =
      '{ search(q: "basci", type: [model]) { totalCount facets { owner { label } } edges { node { id owners { name } } } } }';
    const answer = await post(JSON.stringify({ query }), await as('viewer'));
    expect(answer.status, answer.body).toBe(200);
    const owners = [{ name: 'ada@example.com' }, { name: 'flights' }];
    expect(JSON.parse(answer.body).data.search).toEqual({
      totalCount: 1,
      facets: { owner: [{ label: 'ada@example.com' }, { label: 'flights' }] },
      edges: [{ node: { id: 'aip://model/registry/basic', owners } }],
    });
  });

  it('is for those who may read, as the rest of the API is', async () => {
    const query = JSON.stringify({ query: '{ __typename }' });
    expect((await post(query, undefined)).status).toBe(401);
    const refused = await post(query, await as('label-writer:flights'));
    expect([refused.status, JSON.parse(refused.body).type]).toEqual([403, 'urn:runway:problem:not-authorized']);
    for (const group of ['viewer', 'editor:trains', 'approver:trains', 'admin'])
      expect((await post(query, await as(group))).status, group).toBe(200);
  });

  it.each([
    ['10 MB', JSON.stringify({ query: 'x'.repeat(10_000_000) }), 413],
    ['a long query', JSON.stringify({ query: `{ ${'name '.repeat(3_000)} }` }), 422],
    ['a batch', JSON.stringify([{ query: '{ __typename }' }]), 422],
    ['nested variables', `{"query":"{ __typename }","variables":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`, 400],
    ['a hostile key', '{"query":"{ __typename }","variables":{"__proto__":{}}}', 400],
    ['no JSON', 'query { __typename }', 400],
    ['a mutation', JSON.stringify({ query: 'mutation { forget }' }), 400],
  ])('refuses %s', async (_name, body, status) => {
    expect((await post(body, await as('viewer'))).status).toBe(status);
  });
});
