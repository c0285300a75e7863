import path from 'node:path';
import { createClock } from './clock.ts';
import type { AlarmStatus } from './cloudwatch/cloudwatch.ts';
import { createControl } from './control.ts';
import { lockDataDirectory } from './data-directory.ts';
import { createCallers, customerKey } from './edge/callers.ts';
import { createEdge, type Fault } from './edge/edge.ts';
import { type BothVersionsServer, listenBothVersions } from './http/both-versions.ts';
import { createCdn } from './http/cdn.ts';
import { createHttpApi } from './http/http-api.ts';
import { createIssuer, type TokenClaims } from './http/issuer.ts';
import { type HttpServer, listen } from './http/server.ts';
import { createSignIn } from './http/sign-in.ts';
import { readSignInClients } from './http/sign-in-clients.ts';
import { openJournal } from './journal.ts';
import { createFunctions } from './lambda/functions.ts';
import { createGuard } from './permissions/guard.ts';
import { createPermissions, type Decision } from './permissions/permissions.ts';
import { assertTrusts } from './permissions/trust.ts';
import { grantRecorder } from './permissions/used-grants.ts';
import { provision, startEngines } from './provision.ts';
import { createPump } from './pump.ts';
import { region } from './template/identities.ts';
import { loadTemplate, type TemplateTransform } from './template/load-template.ts';
import { wireEdge } from './wire-edge.ts';
import { wireMonitoring } from './wire-monitoring.ts';
import { wireServices } from './wire-services.ts';

export type CloudOptions = {
  /** Directory that `cdk synth` wrote. */
  readonly assembly: string;
  /** Everything that survives a restart; taken by one process at a time. */
  readonly dataDir: string;
  /** Port of the HTTP API; the CDN and the other services take the next two. 0 takes any free ones. @default 0 */
  readonly port?: number;
  /** `start` (ISO-8601, or milliseconds) counts only for a data directory that holds no time yet. */
  readonly clock: { readonly mode: 'virtual'; readonly start: string | number } | { readonly mode: 'wall' };
  /** Changes each stack's template before it is read; tests delete resources with it. */
  readonly templateTransform?: TemplateTransform;
  /** Processes per function at most, and so batches of a queue that are in hand at once. @default 1 */
  readonly functionConcurrency?: number;
  /** Hears of every call of a function, workflow, schedule or rule, allowed or not. */
  readonly onDecision?: (decision: Decision) => void;
  /** Lets services fail, see `Fault`. */
  readonly fault?: Fault;
  readonly log?: (message: string) => void;
};

/** The synthesized template, running on this machine. Times are ISO-8601. */
export interface Cloud {
  readonly apiUrl: string;
  readonly cdnUrl: string;
  readonly issuerUrl: string;
  /** The stacks' outputs by id: queue URLs, names of buckets and tables, … */
  readonly outputs: Readonly<Record<string, string>>;
  now(): string;
  /** Resolves when there is nothing left to do at this time. */
  pump(): Promise<void>;
  /** Works through everything that falls due up to `time`, which may have passed. Throws a TypeError on a wall clock. */
  advanceTo(time: string): Promise<void>;
  /** Time stands still while a probe says false. */
  addIdleProbe(probe: () => Promise<boolean> | boolean): void;
  /** An access token. @param lifetimeSeconds default 12 hours; negative has expired */
  token(claims: TokenClaims, lifetimeSeconds?: number): Promise<string>;
  /** Environment with which an AWS SDK finds the services. */
  sdkEnvironment(): Readonly<Record<string, string>>;
  /** Ends every process that was started. Later calls do nothing. */
  stop(): Promise<void>;
}

type Closers = (() => Promise<unknown> | unknown)[];
type Servers = { readonly api: HttpServer; readonly cdn: HttpServer; readonly services: BothVersionsServer };

/** Throws an Error naming what of the template is not emulated, a port in use, or a data directory in use. */
export async function bootCloud(options: CloudOptions): Promise<Cloud> {
  const closers: Closers = [];
  try {
    return await boot(options, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

async function boot(options: CloudOptions, closers: Closers): Promise<Cloud> {
  const { dataDir, log = () => undefined } = options;
  closers.push(lockDataDirectory(dataDir));
  const journal = openJournal(path.join(dataDir, 'journal.db'));
  closers.push(journal.close);
  // The template names the addresses, so ports come first; until the end they answer 503.
  const servers = await openServers(options.port ?? 0, closers, log);
  const apiUrl = servers.api.url;
  // Below `/_local`, where no route of the template can be.
  const addresses = { apiUrl, cdnUrl: servers.cdn.url, issuerUrl: `${apiUrl}/_local/issuer` };
  const servicesUrl = servers.services.url;
  const { assembly, templateTransform } = options;
  const template = loadTemplate({ assembly, addresses: { ...addresses, servicesUrl }, transform: templateTransform });
  const { ofType, outputs } = template;
  const keyFile = path.join(dataDir, 'issuer-key.json');
  const clientId = ofType('AWS::Cognito::UserPoolClient')[0]?.physicalName ?? 'local';
  const issuer = await createIssuer({ keyFile, url: addresses.issuerUrl, clientId });
  const engines = await startEngines(dataDir, closers);
  await provision(ofType, engines);

  const clock = createClock(journal, clockSettings(options.clock));
  const environment = sdkEnvironment(servicesUrl);
  const record = grantRecorder(process.env);
  const permissions = createPermissions(ofType, (decision) => {
    record(decision);
    options.onDecision?.(decision);
  });
  assertTrusts(ofType, permissions);
  const functions = createFunctions({
    functions: ofType('AWS::Lambda::Function'),
    assetPath: template.assetPath,
    environment,
    logDirectory: path.join(dataDir, 'logs'),
    maximumConcurrency: options.functionConcurrency,
  });
  closers.push(functions.stop);
  const guard = createGuard(permissions, log);
  const monitoring = wireMonitoring({ template, journal, clock, dataDir, puts: engines.kinesis.puts, log });
  closers.push(monitoring.stop);
  const measured = monitoring.functions(functions);
  const services = wireServices({
    template,
    journal,
    clock,
    functions: measured,
    concurrencyOf: functions.concurrencyOf,
    engines,
    guard,
    monitoring,
    servicesUrl,
    dataDir,
    log,
  });
  const idleProbes: (() => Promise<boolean> | boolean)[] = [functions.isIdle];
  const { pump, advanceTo, start, stop } = createPump({ clock, sources: services.sources, idleProbes, log });
  closers.push(stop, services.stop);

  const now = () => new Date(clock.now()).toISOString();
  const customer = { ...environment, AWS_ACCESS_KEY_ID: customerKey, AWS_SECRET_ACCESS_KEY: 'local' };
  const status = async () => ({
    now: now(),
    ...addresses,
    outputs,
    environment: customer,
    ...(await services.status()),
    alarms: alarmsByState(monitoring.status().alarms),
  });
  const control = createControl({ token: issuer.token, advanceTo, pump, status, alarms: monitoring.status });
  const api = monitoring.api(createHttpApi({ template, functions: measured, clock, issuer, guard }));
  const signIn = createSignIn({ issuer, clients: readSignInClients(ofType('AWS::Cognito::UserPoolClient')) });
  servers.api.serve(
    async (request) => issuer.handle(request) ?? (await signIn(request)) ?? (await control(request)) ?? api(request),
  );
  const secrets = ofType('AWS::SecretsManager::Secret');
  const clusters = ofType('AWS::Neptune::DBCluster');
  const workGroups = ofType('AWS::Athena::WorkGroup');
  const edge = wireEdge({ engines, json: services.json, onObject: services.onObject, secrets, clusters, workGroups });
  closers.push(edge.stop);
  const callers = createCallers(ofType);
  servers.services.serve(createEdge({ services: edge.services, callers, permissions, log, fault: options.fault }));
  servers.cdn.serve(createCdn({ ofType, s3Endpoint: engines.s3.endpoint, api, guard }));
  if (options.clock.mode === 'wall') start();
  return {
    ...addresses,
    outputs,
    now,
    pump,
    advanceTo: async (time) => advanceTo(millisecondsOf(time)),
    addIdleProbe: (probe) => void idleProbes.push(probe),
    token: issuer.token,
    sdkEnvironment: () => customer,
    async stop() {
      // No new work from outside while the work under way is finished.
      await Promise.all([servers.api.close(), servers.cdn.close()]);
      await closeAll(closers);
    },
  };
}

/** What is not as it should be; whatever is not listed is OK. */
function alarmsByState(alarms: AlarmStatus['alarms']): Readonly<Record<string, readonly string[]>> {
  const notOk = alarms.filter(({ state }) => state !== 'OK');
  const byState = Map.groupBy(notOk, ({ state }) => state);
  return Object.fromEntries([...byState].map(([state, them]) => [state, them.map(({ description }) => description)]));
}

/** Last opened, first closed. Closes all, then throws the first error. */
async function closeAll(closers: Closers): Promise<void> {
  const failures: unknown[] = [];
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function openServers(port: number, closers: Closers, log: (message: string) => void): Promise<Servers> {
  const at = (offset: number) => (port === 0 ? 0 : port + offset);
  const open = async <S extends { close(): Promise<void> }>(opening: Promise<S>): Promise<S> => {
    const server = await opening;
    closers.push(server.close);
    return server;
  };
  return {
    api: await open(listen(at(0), log)),
    cdn: await open(listen(at(1), log)),
    services: await open(listenBothVersions(at(2))),
  };
}

function clockSettings(clock: CloudOptions['clock']) {
  return clock.mode === 'wall' ? clock : { mode: clock.mode, start: millisecondsOf(clock.start) };
}

function millisecondsOf(time: string | number): number {
  const milliseconds = new Date(time).getTime();
  if (Number.isNaN(milliseconds)) throw new Error(`expected an ISO-8601 time, got ${time}`);
  return milliseconds;
}

/** Every service at the one address where calls are checked. */
function sdkEnvironment(servicesUrl: string): Record<string, string> {
  const services = ['ATHENA', 'DYNAMODB', 'EVENTBRIDGE', 'KINESIS', 'S3', 'SECRETS_MANAGER', 'SFN', 'SQS'];
  return {
    AWS_REGION: region,
    ...Object.fromEntries(services.map((service) => [`AWS_ENDPOINT_URL_${service}`, servicesUrl])),
    // Nothing of the developer's own AWS set-up is to be found, let alone used.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
