import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import apiDocument from '../../docs/api/openapi.json' with { type: 'json' };
import { isAuthorized } from '../../shared/authorization/authorize.ts';
import { actionGroups } from '../../shared/authorization/policies.ts';
import { type OperationId, routes } from '../../shared/routes.ts';
import { boot, type Running } from '../e2e/boot.ts';
import { promote } from '../mutation/cascade-behaviors.ts';
import { versionOf } from '../mutation/model-life.ts';
import { failRetrain } from '../mutation/notification-behaviors.ts';
import { createWorld } from '../mutation/world.ts';
import { type ApiDocument, createSampler, type Operation } from './request-samples.ts';

// Every operation of the document, called as it describes itself by everyone who must not. The requests are valid, so
// that each is refused for who sends it. The document is the running one's: `npm run openapi` and a test keep it so.
const document = apiDocument as unknown as ApiDocument;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) =>
    operation.operationId === undefined ? [] : [{ method: method.toUpperCase(), path, operation }],
  ),
);
const guarded = operations.filter(({ operation }) => operation.security?.length !== 0);
const teamRoles = ['editor', 'approver', 'trainer', 'label-writer', 'prediction-writer'];
const [ownTeam, otherTeam] = ['flights', 'trains'];

let running: Running;
let known: Record<string, unknown> = {};
/** Bodies that a schema cannot tell: rules between fields, and items that are checked one by one. */
let bodies: Readonly<Record<string, unknown>> = {};

beforeAll(async () => {
  running = await boot('2001-01-22T00:55:00.000Z');
  const world = await createWorld(running.cloud, 'guarded');
  const { rolloutId } = await world.awaitApproval();
  const { items } = await world.succeed('GET', `${world.model}/retrains`);
  const [retrain] = items as Record<string, unknown>[];
  const { policy } = await world.succeed('GET', world.model);
  bodies = {
    changePolicy: policy,
    runBacktest: { policy },
    withdrawChampion: { version: 1, reason: 'sample' },
    setEdgeOverride: {
      from: 'aip://model/registry/guarded',
      type: 'consumes',
      to: 'aip://feature/registry/flights/distance',
      effect: 'suppress',
      reason: 'sample',
    },
    setNotificationTargets: { targets: [] },
    setProvider: { kind: 'metaflow', baseUrl: 'https://metadata.example.com' },
    planRetrains: { modelIds: ['guarded'] },
    postPredictions: { predictions: [{ modelId: 'guarded' }] },
    postOutcomes: { outcomes: [{ modelId: 'guarded' }] },
    registerVersion: await versionOf(running.customer, 'guarded', 'sample', running.now()),
  };
  world.close();
  const failing = await createWorld(running.cloud, 'failing');
  const incidentId = await failRetrain(failing);
  failing.close();
  const upstream = await createWorld(running.cloud, 'upstream');
  await promote(upstream);
  upstream.close();
  const probed = await createWorld(running.cloud, 'probed');
  const { probeId } = await probed.awaitProbe();
  probed.close();
  known = {
    modelId: 'guarded',
    cascadeId: 'upstream-v2',
    probeId,
    team: ownTeam,
    version: '1',
    rolloutId,
    approvalId: `${rolloutId}-a1`,
    retrainId: retrain?.retrainId,
    incidentId,
    notificationId: `${incidentId}-n1`,
    runId: retrain?.runId ?? `${retrain?.retrainId}-a1`,
    writer: `${ownTeam}/sample`,
    rebuildId: 'rebuild-1',
    importId: 'sample-i1',
    provider: 'sample',
    part: 1,
  };
}, 120_000);
afterAll(() => running?.end());

const entity = 'aip://model/registry/guarded';
/** Elsewhere `from` and `to` are moments, or states of a lifecycle. */
const betweenEntities: readonly OperationId[] = [
  'findPath',
  'compareDependencies',
  'setEdgeOverride',
  'withdrawEdgeOverride',
];

async function ask(method: string, path: string, operation: Operation, token: string | undefined): Promise<Response> {
  const ends = betweenEntities.includes(operation.operationId as OperationId) ? { from: entity, to: entity } : {};
  const sample = createSampler(document, { ...known, ...ends });
  const parameters = (operation.parameters ?? []).filter(({ required }) => required);
  const filled = parameters
    .filter((parameter) => parameter.in === 'path')
    // An entity may be named in the query instead; in a body `uri` is where something lies.
    .reduce(
      (text, { name, schema = {} }) => text.replace(`{${name}}`, name === 'uri' ? '-' : String(sample(schema, name))),
      path,
    );
  const query = new URLSearchParams();
  for (const { in: place, name, schema = {} } of parameters) {
    if (place === 'query') query.set(name, String(sample(schema, name)));
  }
  const schema = operation.requestBody?.content['application/json']?.schema;
  return fetch(`${running.cloud.apiUrl}${filled}?${query}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(schema !== undefined && { body: JSON.stringify(bodies[operation.operationId] ?? sample(schema)) }),
  });
}

/** What a caller with these groups is told. */
async function answerTo(groups: readonly string[], entry: (typeof guarded)[number]): Promise<string> {
  const token = await running.cloud.token({ sub: 'mallory', groups: [...groups] });
  const response = await ask(entry.method, entry.path, entry.operation, token);
  const body = (await response.json()) as Record<string, unknown>;
  if (response.status === 403) return String(body.type);
  return `${response.status} ${JSON.stringify(body).slice(0, 300)}`;
}

// Changes nothing, whatever its method.
const readsByPost: readonly OperationId[] = ['planRetrains', 'queryGraph'];

/** The groups, each alone, that no policy lets do this. */
function mustNot({ method, operation }: (typeof guarded)[number]): readonly string[] {
  const id = operation.operationId as OperationId;
  const isRead = method === 'GET' || readsByPost.includes(id);
  const may = (group: string) =>
    isAuthorized({ kind: 'person', id: 'mallory', roles: [group], teams: [] }, id, { team: ownTeam });
  const own = ['viewer', 'nobody', ...teamRoles.map((role) => `${role}:${ownTeam}`)].filter((group) => !may(group));
  // Readers read all teams; nothing is changed for another one, whatever the policies say.
  const other = teamRoles.map((role) => `${role}:${otherTeam}`).filter((group) => !isRead || !may(group));
  return [...own, ...other];
}

const refusals = ['urn:runway:problem:not-authorized'];

describe.each(guarded.map((entry) => [`${entry.method} ${entry.path}`, entry] as const))('%s', (_name, entry) => {
  test('answers 401 to nobody, to an expired token and to another issuer’s', async () => {
    const expired = await running.cloud.token({ sub: 'late', groups: ['admin'] }, -60);
    const { privateKey } = await generateKeyPair('RS256');
    const forged = await new SignJWT({ 'cognito:groups': ['admin'] })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(running.cloud.issuerUrl)
      .setExpirationTime('1h')
      .sign(privateKey);
    for (const token of [undefined, expired, forged])
      expect((await ask(entry.method, entry.path, entry.operation, token)).status).toBe(401);
  });

  test('answers 403 to a person without a group', async () => {
    expect(refusals).toContain(await answerTo([], entry));
  });

  test('answers 403 to every role that must not, and to every role of another team', async () => {
    for (const group of mustNot(entry)) expect(refusals, `to ${group}`).toContain(await answerTo([group], entry));
  });
});

describe('policies and routes name the same operations', () => {
  const adminsOnly = ['startGraphRebuild', 'getGraphRebuild', 'setProvider', 'deleteProvider', 'reconcileProvider'];
  const tokenless = ['getOpenApi', 'postLineage', 'postLineageBatch', 'receiveProviderEvent', 'receiveTrigger'];
  const ownPolicies = ['postOutcomes', 'postPredictions'];

  test('every route but those for admins is in an action group or has a policy of its own, and stands in the document', () => {
    const ruled = [...new Set(Object.values(actionGroups).flat()), ...ownPolicies, ...adminsOnly, ...tokenless];
    expect(ruled.toSorted()).toEqual(Object.keys(routes).toSorted());
    expect(operations.map(({ operation }) => operation.operationId).toSorted()).toEqual(Object.keys(routes).toSorted());
  });

  test('only what says so in the document takes no token', () => {
    const open = operations.filter((entry) => !guarded.includes(entry)).map(({ operation }) => operation.operationId);
    expect(open.toSorted()).toEqual(tokenless);
  });
});
