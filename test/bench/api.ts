import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import autocannon from 'autocannon';
import { bootCloud, type Cloud } from '../../local/cloud.ts';
import { ensureAssembly } from '../../local/synthesize.ts';
import { routes } from '../../shared/routes.ts';
import { temporaryFolder } from '../e2e/boot.ts';
import { createCustomer, everyRole } from '../mutation/customer.ts';
import { definitionOf, outcomesOf, predictionsOf, versionOf } from '../mutation/model-life.ts';

// Warm p50/p99 of each route that reads, on the embedded cloud: `npm run bench:api` (`-- --seconds 1 getModel getHealth`
// for shorter runs of fewer routes). Beside each, a bare node:http server answering the same bytes, and one raw
// DynamoDB get. Prints, asserts nothing. One function has as many processes as there are processors to run them.

const clients = [1, 16, 64];
const modelId = 'late-bench';
const secondsIndex = process.argv.indexOf('--seconds');
const seconds = secondsIndex < 0 ? 2 : Number(process.argv[secondsIndex + 1]);
const asked = process.argv.slice(2).filter((word) => /^[a-z]+[A-Z]/.test(word));

const write = (line: string) => void process.stdout.write(`${line}\n`);
const cell = (p50: number, p99: number) => `${p50.toFixed(0)}/${p99.toFixed(0)}`.padStart(12);

async function load(url: string, connections: number, headers: Readonly<Record<string, string>>): Promise<string> {
  const { latency, non2xx, errors } = await autocannon({ url, connections, duration: seconds, headers });
  return non2xx + errors > 0 ? `${non2xx + errors} failed`.padStart(12) : cell(latency.p50, latency.p99);
}

async function loadAll(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const cells: string[] = [];
  for (const connections of clients) cells.push(await load(url, connections, headers));
  return cells.join('');
}

/** The same answer without anything behind it. */
async function bare<T>(body: string, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(body),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** A model with a version that serves, and an hour of traffic. */
async function prepare(cloud: Cloud, token: string): Promise<void> {
  const registeredAt = Date.parse(cloud.now());
  const place = { apiUrl: cloud.apiUrl, outputs: cloud.outputs, environment: cloud.sdkEnvironment(), token };
  const customer = createCustomer(place);
  const model = `/v1/models/${modelId}`;
  await customer.succeed('POST', '/v1/models', definitionOf(modelId));
  await customer.succeed('POST', `${model}/versions`, await versionOf(customer, modelId, 'first', registeredAt, 3));
  await customer.succeed('POST', `${model}/versions/1/deployment`, {});
  // Nothing was predicted before there was a model.
  await cloud.advanceTo(new Date(registeredAt + 3_600_000).toISOString());
  const predictions = predictionsOf(modelId, 200, Date.parse(cloud.now()));
  await customer.succeed('POST', '/v1/predictions', { predictions });
  await customer.succeed('POST', '/v1/outcomes', { outcomes: outcomesOf(predictions) });
  await cloud.pump();
  await customer.succeed('POST', `${model}/evaluations`, {});
  customer.close();
}

/** Addresses of the routes that answer 200 for that model. */
async function readableRoutes(cloud: Cloud, headers: Readonly<Record<string, string>>) {
  const now = Date.parse(cloud.now());
  const from = new Date(now - 3_600_000).toISOString();
  const found: { readonly id: string; readonly url: string; readonly body: string }[] = [];
  for (const [id, route] of Object.entries(routes)) {
    if (route.method !== 'GET' || (asked.length > 0 && !asked.includes(id))) continue;
    const address = `${cloud.apiUrl}${route.path.replace('{modelId}', modelId).replace('{version}', '1')}`;
    for (const url of [address, `${address}?from=${from}&to=${cloud.now()}`]) {
      const response = await fetch(url, { headers });
      if (response.status !== 200) continue;
      found.push({ id, url, body: await response.text() });
      break;
    }
  }
  return found;
}

async function rawGet(cloud: Cloud): Promise<string> {
  const endpoint = cloud.sdkEnvironment().AWS_ENDPOINT_URL_DYNAMODB ?? '';
  const credentials = { accessKeyId: 'customer', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  const Key = { pk: { S: `model#${modelId}` }, sk: { S: 'head' } };
  const get = new GetItemCommand({ TableName: cloud.outputs.EventsTableName, Key, ConsistentRead: true });
  const millis: number[] = [];
  for (let count = 0; count < 300; count += 1) {
    const startedAt = performance.now();
    await client.send(get);
    millis.push(performance.now() - startedAt);
  }
  client.destroy();
  const sorted = millis.slice(50).toSorted((one, other) => one - other);
  return `${(sorted[125] ?? 0).toFixed(1)}/${(sorted[247] ?? 0).toFixed(1)}`;
}

const dataDir = temporaryFolder();
const assembly = ensureAssembly(process.cwd(), write);
const cloud = await bootCloud({
  assembly,
  dataDir,
  clock: { mode: 'virtual', start: '2001-01-22T06:00:00.000Z' },
  functionConcurrency: 2,
});
try {
  const token = await cloud.token(everyRole);
  const headers = { authorization: `Bearer ${token}` };
  await prepare(cloud, token);
  write(
    `p50/p99 in ms at ${clients.join(', ')} clients, ${seconds} s each; one raw DynamoDB get: ${await rawGet(cloud)}`,
  );
  write(
    `${'route'.padEnd(24)}${clients.map((count) => `${count}`.padStart(12)).join('')}   bare server: ${clients.join(', ')}`,
  );
  for (const { id, url, body } of await readableRoutes(cloud, headers)) {
    const runway = await loadAll(url, headers);
    write(`${id.padEnd(24)}${runway}   ${await bare(body, (address) => loadAll(address, {}))}`);
  }
} finally {
  await cloud.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
