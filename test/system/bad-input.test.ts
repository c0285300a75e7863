import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { boot, type Running } from '../e2e/boot.ts';
import { type Caller, createCaller, type Request } from '../e2e/caller.ts';
import { countsOf, flightModel, outcome, prediction, registeredAt, serve } from '../e2e/late-basic.ts';

const groupsByRole = {
  admin: ['admin'],
  editor: ['editor:flights'],
  neighbour: ['editor:harbor'],
  viewer: ['viewer'],
  predictor: ['prediction-writer:flights'],
  labeller: ['label-writer:flights'],
} as const;
type Role = keyof typeof groupsByRole;

/** `answer`: status and problem code. `faults`: `<field> <code>` of everything that is wrong. */
type Row = [name: string, Role, Request | (() => Request), answer: string, ...faults: string[]];
/** What is changed about a good item, and the one thing that is then wrong with it. */
type ItemRow = [name: string, change: object, fault: string];

let running: Running;
let callers: Record<Role, Caller>;
let version: Record<string, unknown>;
let before: unknown;

beforeAll(async () => {
  running = await boot(registeredAt);
  const { cloud, customer, later } = running;
  const tokens = Object.entries(groupsByRole).map(async ([sub, groups]) => {
    return [sub, createCaller(cloud.apiUrl, await cloud.token({ sub, groups }))] as const;
  });
  callers = Object.fromEntries(await Promise.all(tokens)) as Record<Role, Caller>;
  version = await serve(running, 'late-basic');
  await serve(running, 'berth-time', { team: 'harbor' });
  await later(20);
  await customer.succeed('POST', '/v1/predictions', { predictions: [prediction({ predictionId: 'landed' })] });
  // Repetition is told to who said it first; what others say is for the join.
  await callers.labeller({ path: '/v1/outcomes', body: { outcomes: [outcome({ predictionId: 'landed' })] } });
  await settle();
  before = await everything();
});
afterAll(() => running?.end());

/** Closes the batching window of the stream. */
const settle = () => running.later(0.1);

/** All that a refused request about `late-basic`, or about a model `late-other`, could have changed. */
async function everything() {
  const headers = { 'x-correlation-id': 'same' };
  const paths = ['late-basic', 'late-other', 'late-basic/versions', 'late-basic/retrains'];
  const answers = await Promise.all(
    paths.map((path) => running.customer.call('GET', `/v1/models/${path}`, undefined, headers)),
  );
  return { answers, counts: await countsOf(running, 'late-basic') };
}

async function refuse([, role, request, answer, ...faults]: Row): Promise<void> {
  const { status, headers, body } = await callers[role](typeof request === 'function' ? request() : request);
  const errors = (body.errors ?? []) as { field: string; code: string; reason: string }[];
  expect(`${status} ${String(body.type).replace('urn:runway:problem:', '')}`).toBe(answer);
  expect(errors.map(({ field, code }) => `${field} ${code}`).toSorted()).toEqual(faults.toSorted());
  for (const { reason } of errors) expect(reason).toMatch(/\w+ \w+/);
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(body).toMatchObject({ title: expect.any(String), detail: expect.any(String), status });
  expect(body.correlationId).toBe(headers.get('x-correlation-id'));
}

describe('refuses and changes nothing:', () => {
  afterEach(async () => {
    await settle();
    expect(await everything()).toEqual(before);
  });

  const model = '/v1/models/late-basic';
  const register = (change: object): Request => ({ path: '/v1/models', body: flightModel('late-other', change) });
  const raw = (body: string, headers = {}): Request => ({ path: '/v1/models', body, headers });
  const deprecate = (headers: Record<string, string>): Request => ({
    path: `${model}/lifecycle`,
    body: { to: 'deprecated', reason: 'replaced' },
    headers,
  });
  const fail: Request['body'] = { status: 'failed', error: 'no data' };
  // biome-ignore format: a table
  test.each<Row>([
    ['a model without a team', 'editor', register({ team: undefined }), '422 invalid-request', '/team missing'],
    ['a model of no known tier', 'editor', register({ tier: 5 }), '422 invalid-request', '/tier no-alternative-matches'],
    ['a number as text', 'editor', register({ buckets: '1' }), '422 invalid-request', '/buckets wrong-type'],
    ['NaN as text', 'editor', register({ buckets: 'NaN' }), '422 invalid-request', '/buckets wrong-type'],
    ['a field that is not in the schema', 'editor', register({ colour: 'red' }), '422 invalid-request', '/colour unknown-field'],
    ['everything that is wrong at once', 'editor', register({ name: 'X', features: [] }), '422 invalid-request', '/name wrong-format', '/features too-small'],
    ['a model that exists', 'editor', register({ name: 'late-basic' }), '409 model-exists'],
    ['a model above an unknown one', 'editor', register({ upstreamModels: ['nobody'] }), '422 unknown-upstream', '/upstreamModels/0 unknown-model'],
    ['half a JSON', 'editor', raw('{"name":'), '400 malformed-json'],
    ['NaN, which JSON has not', 'editor', raw('{"tier":NaN}'), '400 malformed-json'],
    ['a key given twice', 'editor', raw('{"tier":1,"tier":2}'), '400 duplicate-key'],
    ['a list for an object', 'editor', raw('[]'), '422 invalid-request', ' wrong-type'],
    ['nothing at all', 'editor', raw(''), '422 invalid-request', ' missing'],
    ['JSON called text', 'editor', raw('{}', { 'content-type': 'text/plain' }), '415 unsupported-content-type', 'header:Content-Type unsupported-content-type'],
    ['a packed body', 'editor', raw('{}', { 'content-encoding': 'gzip' }), '415 unsupported-content-type', 'header:Content-Encoding unsupported-content-type'],
    ['a change of what has changed since', 'editor', deprecate({ 'if-match': '"1"' }), '412 precondition-failed', 'header:If-Match precondition-failed'],
    ['an If-Match that is no ETag', 'editor', deprecate({ 'if-match': '1' }), '400 malformed-if-match', 'header:If-Match malformed-if-match'],
    ['an Idempotency-Key of two words', 'editor', deprecate({ 'idempotency-key': 'a b' }), '400 malformed-idempotency-key', 'header:Idempotency-Key malformed-idempotency-key'],
    ['an id that can be none', 'viewer', { path: '/v1/models/No_One' }, '422 invalid-request', 'path:/modelId wrong-format'],
    ['a query that is not in the schema', 'viewer', { path: '/v1/models?limit=0&order=up' }, '422 invalid-request', 'query:/limit too-small', 'query:/order unknown-field'],
    ['a cursor of its own making', 'viewer', { path: '/v1/models?cursor=abc' }, '422 invalid-cursor', 'query:/cursor invalid-cursor'],
    ['a look into the future', 'viewer', { path: `${model}?asOf=2099-01-01T00:00:00Z` }, '422 as-of-in-future', 'query:/asOf as-of-in-future'],
    ['a look at the model before it was', 'viewer', { path: `${model}?asOf=1999-01-01T00:00:00Z` }, '404 unknown-model'],
    ['an unknown model', 'viewer', { path: '/v1/models/nobody' }, '404 unknown-model'],
    ['a retrain of an unknown model', 'editor', { path: '/v1/models/nobody/retrains', body: { reason: 'x' } }, '404 unknown-model'],
    ['an unknown version', 'editor', { path: `${model}/versions/9/deployment`, body: {} }, '404 unknown-version'],
    ['a run that nobody asked for', 'admin', { path: '/v1/runs/late-basic-r1-a1/completion', body: fail }, '404 unknown-run'],
    ['a route that nobody serves', 'viewer', { path: '/v1/modles' }, '404 unknown-route'],
    ['a method that a route has not', 'admin', { method: 'DELETE', path: model }, '404 unknown-route'],
    ['the retirement of a model in service', 'editor', { path: `${model}/lifecycle`, body: { to: 'retired', reason: 'x' } }, '409 illegal-transition'],
    ['a viewer who registers', 'viewer', register({}), '403 not-authorized'],
    ['an editor of another team', 'neighbour', register({}), '403 not-authorized'],
    ['a writer who reads', 'predictor', { path: model }, '403 not-authorized'],
    ['a key for a writer of another team', 'editor', { path: '/v1/writers', body: { writer: 'harbor/cranes' } }, '403 not-authorized'],
    ["a key for Runway's own writer", 'admin', { path: '/v1/writers', body: { writer: 'runway/api' } }, '403 reserved-writer'],
    ['predictions from who writes labels', 'labeller', { path: '/v1/predictions', body: { predictions: [prediction()] } }, '403 not-authorized'],
    ['outcomes from who writes predictions', 'predictor', { path: '/v1/outcomes', body: { outcomes: [outcome()] } }, '403 not-authorized'],
    ['predictions of another team', 'predictor', { path: '/v1/predictions', body: { predictions: [prediction({ modelId: 'berth-time' })] } }, '403 not-authorized'],
    ['an empty batch', 'predictor', { path: '/v1/predictions', body: { predictions: [] } }, '422 invalid-request', '/predictions too-small'],
    ['a batch of too many', 'predictor', { path: '/v1/predictions', body: { predictions: Array(20_001).fill(0) } }, '422 invalid-request', '/predictions too-big'],
    ['a batch of more than a megabyte', 'predictor', { path: '/v1/predictions', body: { predictions: [prediction()], padding: 'x'.repeat(1_048_576) } }, '413 payload-too-large'],
  ])('%s', async (...row) => refuse(row));

  const add = (change: () => object) => () => ({
    path: `${model}/versions`,
    body: { ...version, trainingRun: 'second', ...change() },
  });
  const artifact = (key: string) => `s3://${running.cloud.outputs.ArtifactBucketName}/${key}`;
  const window = (change: object) => ({ referenceWindow: { ...Object(version.referenceWindow), ...change } });
  const artifactDigest = `sha256:${'0'.repeat(64)}`;
  // biome-ignore format: a table
  test.each<Row>([
    ['an artefact that is not there', 'editor', add(() => ({ artifactUri: artifact('none') })), '422 artifact-missing', '/artifactUri artifact-missing'],
    ['an artefact of somebody else', 'editor', add(() => ({ artifactUri: 's3://elsewhere/model' })), '422 foreign-bucket', '/artifactUri foreign-bucket'],
    ['another artefact than was said', 'editor', add(() => ({ artifactDigest })), '422 digest-mismatch', '/artifactDigest digest-mismatch'],
    ['a second artefact of one run', 'editor', add(() => ({ artifactDigest, trainingRun: 'first' })), '409 training-run-exists'],
    ['training data of the future', 'editor', add(() => ({ trainingDataEnd: '2099-01-01T00:00:00Z' })), '422 invalid-version', '/trainingDataEnd in-future'],
    ['a feature that changes its type', 'editor', add(() => ({ features: [{ name: 'distance', type: 'categorical' }] })), '422 invalid-version', '/features/0/type type-changed'],
    ['a reference window that is not there', 'editor', add(() => window({ uri: artifact('none') })), '422 artifact-missing', '/referenceWindow/uri artifact-missing'],
    ['a reference window without rows', 'editor', add(() => window({ uri: version.artifactUri })), '422 malformed-reference-window', '/referenceWindow/uri malformed-line'],
  ])('%s', async (...row) => refuse(row));

  // biome-ignore format: a table
  test.each<ItemRow>([
    ['an unknown model', { modelId: 'nobody' }, '/modelId unknown-model'],
    ['no model', { modelId: undefined }, '/modelId missing'],
    ['an unknown version', { modelVersion: 9 }, '/modelVersion unknown-model-version'],
    ['a missing feature', { features: { origin: 'SFO' } }, '/features/distance feature-missing'],
    ['an empty feature', { features: { distance: null } }, '/features/distance feature-missing'],
    ['a feature that the schema has not', { features: { distance: 1, altitude: 1 } }, '/features/altitude feature-not-in-schema'],
    ['text for a number', { features: { distance: 'far' } }, '/features/distance wrong-type'],
    ['a number for text', { features: { distance: 1, origin: 5 } }, '/features/origin wrong-type'],
    ['NaN as text', { features: { distance: 'NaN' } }, '/features/distance not-finite'],
    ['Infinity as text', { features: { distance: '-Infinity' } }, '/features/distance not-finite'],
    ['a score that is NaN as text', { score: 'NaN' }, '/score not-finite'],
    ['a probability above 1', { score: 1.5 }, '/score score-out-of-range'],
    ['a moment of tomorrow', { predictedAt: '2001-01-23T00:00:00Z' }, '/predictedAt predicted-in-future'],
    ['a moment before the model', { predictedAt: '2001-01-21T23:59:59Z' }, '/predictedAt predicted-before-model'],
    ['a day for a moment', { predictedAt: '2001-01-22' }, '/predictedAt wrong-format'],
    ['a number for a moment', { predictedAt: 980_121_600 }, '/predictedAt wrong-type'],
    ['a field that predictions have not', { colour: 'red' }, '/colour unknown-field'],
    ['an id that is too long', { predictionId: 'x'.repeat(129) }, '/predictionId too-big'],
    ['more than fits a record', { features: { distance: 1, origin: 'x'.repeat(90_000) } }, ' too-large'],
  ])('a prediction with %s', async (name, change, fault) => {
    const request = { path: '/v1/predictions', body: { predictions: [prediction(change)] } };
    await refuse([name, 'predictor', request, '422 all-rejected', `/predictions/0${fault}`]);
  });

  // biome-ignore format: a table
  test.each<ItemRow>([
    ['an unknown model', { modelId: 'nobody' }, '/modelId unknown-model'],
    ['a label that is Infinity as text', { label: 'Infinity' }, '/label not-finite'],
    ['a label of the wrong type', { label: true }, '/label wrong-type'],
    ['a label between 0 and 1', { label: 0.5 }, '/label label-not-binary'],
    ['a moment of tomorrow', { observedAt: '2001-01-23T00:00:00Z' }, '/observedAt observed-in-future'],
    ['a moment before its prediction', { observedAt: '2001-01-22T00:04:00Z' }, '/observedAt observed-before-prediction'],
    ['a moment before its model', { observedAt: '2001-01-21T00:00:00Z', predictedAt: undefined }, '/observedAt observed-before-model'],
    ['what is known already', { predictionId: 'landed' }, '/predictionId duplicate-outcome'],
    ['the contrary of what is known', { predictionId: 'landed', label: 0 }, '/label conflicting-outcome'],
  ])('an outcome with %s', async (name, change, fault) => {
    const request = { path: '/v1/outcomes', body: { outcomes: [outcome(change)] } };
    await refuse([name, 'labeller', request, '422 all-rejected', `/outcomes/0${fault}`]);
  });
});

describe('lets in nobody', () => {
  const claims = { sub: 'ada', groups: ['viewer'] };
  async function challengeTo(token?: string): Promise<string | null> {
    const { status, headers } = await createCaller(running.cloud.apiUrl, token)({ path: '/v1/models' });
    expect(status).toBe(401);
    return headers.get('www-authenticate');
  }

  test('without a token', async () => {
    expect(await challengeTo()).toBe('Bearer');
  });

  test('whose token has expired', async () => {
    expect(await challengeTo(await running.cloud.token(claims, -1))).toContain('the token has expired');
  });

  test('whose token somebody else has signed', async () => {
    const token = await running.cloud.token(claims);
    const { privateKey } = await generateKeyPair('RS256');
    const header = { ...decodeProtectedHeader(token), alg: 'RS256' };
    const forged = await new SignJWT(decodeJwt(token)).setProtectedHeader(header).sign(privateKey);
    expect(await challengeTo(forged)).toContain('signature verification failed');
  });

  test('whose token nobody has signed', async () => {
    const claimed = decodeJwt(await running.cloud.token(claims));
    expect(await challengeTo(new UnsecuredJWT(claimed).encode())).toContain('error="invalid_token"');
  });

  test('who has given himself another role', async () => {
    const [header, payload = '', signature] = (await running.cloud.token(claims)).split('.');
    const raised = Buffer.from(payload, 'base64url').toString().replace('viewer', 'admin');
    const token = [header, Buffer.from(raised).toString('base64url'), signature].join('.');
    expect(await challengeTo(token)).toContain('signature verification failed');
  });
});

describe('an Idempotency-Key', () => {
  const register = (name: string, key: string, change = {}): Request => ({
    path: '/v1/models',
    body: flightModel(name, change),
    headers: { 'idempotency-key': key },
  });

  test('gets the same answer again, without a second effect', async () => {
    const first = await callers.editor(register('late-once', 'once'));
    const second = await callers.editor(register('late-once', 'once'));
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
  });

  test('is refused with another body, which has no effect', async () => {
    await callers.editor(register('late-first', 'reused'));
    const fault = 'header:Idempotency-Key idempotency-key-reused';
    await refuse(['', 'editor', register('late-second', 'reused'), '422 idempotency-key-reused', fault]);
    expect((await callers.viewer({ path: '/v1/models/late-second' })).status).toBe(404);
  });

  test('is free again when its request was refused', async () => {
    await callers.editor(register('late-third', 'corrected', { tier: 9 }));
    expect((await callers.editor(register('late-third', 'corrected'))).status).toBe(201);
  });
});

describe('takes what is good of a batch and lists the rest by index:', () => {
  const rejected = (index: number, field: string, code: string) => ({ index, field, code });

  test('predictions', async () => {
    await serve(running, 'late-mixed');
    const of = (change: object) => prediction({ modelId: 'late-mixed', predictedAt: running.cloud.now(), ...change });
    const predictions = [of({}), 7, of({ score: 2 }), of({ predictionId: 'other' }), of({ modelId: 'berth-time' })];
    const { status, body } = await callers.predictor({ path: '/v1/predictions', body: { predictions } });
    expect([status, body.accepted]).toEqual([202, 2]);
    expect(body.rejected).toMatchObject([
      rejected(1, '/predictions/1/modelId', 'missing'),
      rejected(2, '/predictions/2/score', 'score-out-of-range'),
      rejected(4, '/predictions/4/modelId', 'not-authorized'),
    ]);
    await settle();
    expect(await countsOf(running, 'late-mixed')).toEqual({ predictions: 2, pairs: 0 });
  });

  test('outcomes, of which the first about a prediction stays', async () => {
    await serve(running, 'late-told');
    const place = { modelId: 'late-told', predictedAt: running.cloud.now() };
    await callers.predictor({ path: '/v1/predictions', body: { predictions: [prediction(place)] } });
    const of = (change: object) => outcome({ ...place, observedAt: place.predictedAt, ...change });
    const outcomes = [of({}), of({}), of({ label: 0 }), of({ label: 'NaN' })];
    const { status, body } = await callers.labeller({ path: '/v1/outcomes', body: { outcomes } });
    expect([status, body.accepted]).toEqual([202, 1]);
    expect(body.rejected).toMatchObject([
      rejected(1, '/outcomes/1/predictionId', 'duplicate-outcome'),
      rejected(2, '/outcomes/2/label', 'conflicting-outcome'),
      rejected(3, '/outcomes/3/label', 'not-finite'),
    ]);
    await settle();
    expect(await countsOf(running, 'late-told')).toEqual({ predictions: 1, pairs: 1 });
  });

  test('ids that mean something to JavaScript are ids, and one sent twice counts once', async () => {
    await serve(running, 'late-odd');
    const place = { modelId: 'late-odd', predictedAt: running.cloud.now() };
    const ids = ['__proto__', 'constructor', 'toString', '0', ' ', 'é\u0000\n'];
    const predictions = [...ids, ...ids].map((predictionId) => prediction({ ...place, predictionId }));
    const outcomes = ids.map((predictionId) => outcome({ ...place, observedAt: place.predictedAt, predictionId }));
    expect((await callers.predictor({ path: '/v1/predictions', body: { predictions } })).body.accepted).toBe(12);
    expect((await callers.labeller({ path: '/v1/outcomes', body: { outcomes } })).body.accepted).toBe(6);
    await settle();
    expect(await countsOf(running, 'late-odd')).toEqual({ predictions: 6, pairs: 6 });
  });
});
