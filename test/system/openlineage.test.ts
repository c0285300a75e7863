import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { boot, type Running, statusOf } from '../e2e/boot.ts';
import { registeredAt } from '../e2e/late-basic.ts';
import {
  differences,
  hasOpenLineage,
  openLineageEvents,
  openLineageOracle,
  partialEvents,
  recordedBodies,
  uriOfNode,
} from '../support/openlineage-oracle.ts';
import { createStoredView } from '../support/stored-view.ts';

describe.skipIf(!hasOpenLineage)('OpenLineage events, through the API', () => {
  let running: Running;
  let authorization = '';
  let client: DynamoDBClient;

  beforeAll(async () => {
    running = await boot(registeredAt);
    const asked = { writer: 'flights/airflow', scopes: ['lineage'] };
    const { lineageKey } = await running.customer.succeed('POST', '/v1/writers', asked);
    authorization = `Bearer ${lineageKey}`;
    const endpoint = running.cloud.sdkEnvironment().AWS_ENDPOINT_URL_DYNAMODB ?? '';
    const credentials = { accessKeyId: 'customer', secretAccessKey: 'local' };
    client = new DynamoDBClient({ region: 'us-east-1', endpoint, credentials });
  });
  afterAll(async () => {
    client?.destroy();
    await running?.end();
  });

  async function post(path: string, body: unknown, isPacked = false, sender = authorization): Promise<number> {
    const json = JSON.stringify(body);
    const response = await fetch(`${running.cloud.apiUrl}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: sender,
        ...(isPacked && { 'content-encoding': 'gzip' }),
      },
      body: isPacked ? new Uint8Array(gzipSync(json)) : json,
    });
    await response.arrayBuffer();
    return response.status;
  }

  async function graph() {
    const tableName = running.cloud.outputs.GraphTableName ?? '';
    const store = createDynamoGraphStore({ client: DynamoDBDocumentClient.from(client), tableName });
    return createStoredView(store)();
  }

  it('of dbt and Marquez, some packed and some in batches, give every reachability of the oracle', async () => {
    const events = openLineageEvents();
    const [alone, together] = [events.slice(0, 60), events.slice(60)];
    for (const [index, event] of alone.entries())
      expect(await post('/api/v1/lineage', event, index % 2 === 0)).toBe(201);
    // Some come twice, and the last first.
    for (let end = together.length; end > 0; end -= 100)
      expect(await post('/api/v1/lineage/batch', together.slice(Math.max(0, end - 120), end), true)).toBe(204);
    await running.cloud.pump();
    expect(differences(await graph(), openLineageOracle())).toEqual([]);
  }, 240_000);

  it('that lack what is required are refused one by one, and change nothing', async () => {
    const before = [...(await graph()).uris()].length;
    const partial = partialEvents();
    expect(await post('/api/v1/lineage/batch', partial)).toBe(200);
    for (const event of partial.slice(0, 5)) expect(await post('/api/v1/lineage', event)).toBe(422);
    expect(await post('/api/v1/lineage', { ...Object(openLineageEvents()[0]), job: { namespace: '', name: '' } })).toBe(
      422,
    );
    await running.cloud.pump();
    expect([...(await graph()).uris()]).toHaveLength(before);
  });

  it('of the Python client show a model, from what it was made and who owns its job', async () => {
    for (const body of recordedBodies()) expect(await post('/api/v1/lineage', body)).toBe(201);
    await running.cloud.pump();
    const uri = encodeURIComponent('aip://model/openlineage/s3%3A//models/ranker/v42');
    const { items } = await running.customer.succeed('GET', `/v1/entities/${uri}/lineage`);
    expect((items as readonly { readonly uri: string }[]).map((item) => item.uri)).toEqual(
      expect.arrayContaining([
        'aip://pipeline/openlineage/ml/ranker.train',
        'aip://team/registry/ranking',
        uriOfNode('dataset:s3://warehouse|impressions/ds=2026-08-20'),
      ]),
    );
  });

  it('are kept of the namespaces alone to which a key is limited, with what was checked of their datasets', async () => {
    const asked = { writer: 'flights/spark', scopes: ['lineage'], lineageNamespaces: ['spark'] };
    const { lineageKey } = await running.customer.succeed('POST', '/v1/writers', asked);
    const sender = `Bearer ${lineageKey}`;
    const assertions = [{ assertion: 'not_null', column: 'id', success: false }];
    const eventOf = (namespace: string) => ({
      eventTime: new Date(running.now()).toISOString(),
      run: { runId: `limited-${namespace}` },
      job: { namespace, name: 'check' },
      inputs: [{ namespace: 's3://checked', name: 'orders', inputFacets: { dataQualityAssertions: { assertions } } }],
    });
    expect(await post('/api/v1/lineage', eventOf('dagster'), false, sender)).toBe(403);
    expect(await post('/api/v1/lineage/batch', [eventOf('spark'), eventOf('dagster')], false, sender)).toBe(200);
    await running.cloud.pump();
    const uri = encodeURIComponent('aip://evaluation/openlineage/s3%3A//checked/orders/not_null(id)');
    const { entity, relations } = await running.customer.succeed('GET', `/v1/entities/${uri}`);
    expect(entity).toMatchObject({ name: 'not_null id', attributes: { metric: 'not_null', status: 'fail' } });
    expect(relations).toEqual(expect.arrayContaining([expect.objectContaining({ type: 'evaluates' })]));
    const uris = [...(await graph()).uris()];
    expect(uris.filter((each) => /spark\/check|limited-spark/.test(each))).not.toEqual([]);
    expect(uris.filter((each) => each.includes('dagster'))).toEqual([]);
  });

  it('leave no message behind, not even among dead letters', async () => {
    const { queues } = await statusOf(running);
    const waiting = Object.entries(queues).filter(([name]) => name.includes('Lineage'));
    expect(waiting.length).toBeGreaterThan(0);
    expect(waiting.filter(([, { visible, inFlight }]) => visible + inFlight > 0)).toEqual([]);
  });
});
