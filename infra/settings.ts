import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type OrchestratorConnections, readConnections } from './orchestrator-connections.ts';
import { oneOf, oneOfNumbers, optional, type Reader, shaped, steppedNumber, wholeNumber } from './parse-setting.ts';
import { readEndpoints, type SageMakerEndpoints } from './sagemaker-endpoints.ts';

/**
 * What differs between stages. `-c stage=prod` chooses the stage, `stages/prod.json` holds what it sets, and `-c
 * name=value` overrides one setting. docs/deploy.md has the table; a test compares it with this type.
 */
export type Settings = {
  /** Part of the stacks' names. @default 'dev' */
  readonly stage: string;
  /** `destroy` lets `cdk destroy` delete data; never in production. @default 'retain' */
  readonly removal: 'retain' | 'destroy';
  /** Receives every alarm, after confirming the subscription. @default none: alarms reach the topic only */
  readonly alarmEmail: string | undefined;
  /** @default 30 */
  readonly logRetentionDays: number;

  /** Host name of the API; needs `apiCertificateArn`. @default API Gateway's own */
  readonly apiDomain: string | undefined;
  /** In the stack's region. */
  readonly apiCertificateArn: string | undefined;
  /** Host name of portal and routing tables; needs `portalCertificateArn`. @default CloudFront's own */
  readonly portalDomain: string | undefined;
  /** In us-east-1, where CloudFront reads certificates. */
  readonly portalCertificateArn: string | undefined;
  /** Route 53 zone that both host names get an alias in; needs `hostedZoneName`. @default the records are yours to make */
  readonly hostedZoneId: string | undefined;
  readonly hostedZoneName: string | undefined;

  /** Who signs tokens; needs `oidcAudience`. @default the user pool of the state stack */
  readonly oidcIssuer: string | undefined;
  readonly oidcAudience: string | undefined;
  /** Claim that lists roles as `editor:flights` or `viewer`. @default 'cognito:groups' */
  readonly rolesClaim: string;
  /** Claim that names the caller. @default 'sub' */
  readonly subjectClaim: string;

  /** How often models are looked through for one that is due. @default 5 */
  readonly scanIntervalMinutes: number;
  /** A tenant into which drift is injected, to measure how fast it is noticed. @default 'off' */
  readonly detectionCanary: 'on' | 'off';
  /** The daily join of ground truth; `off`: dates are joined on demand only, and the stream's join answers for the rest. @default 'on' */
  readonly batchJoin: 'on' | 'off';
  /** How often backstops, ended cooldowns and the queue are looked at without a hint. @default 60 */
  readonly decisionIntervalMinutes: number;
  /** How often what follows from changes of the graph is inferred, and its snapshot looked at. @default 5 */
  readonly graphIntervalMinutes: number;
  /** How often what a lost message or a crash left behind is looked for; notifications four times as often. @default 60 */
  readonly sweepIntervalMinutes: number;
  /** Retrains that may run at once, over all teams. @default 50 */
  readonly maxConcurrentRetrains: number;
  /** An interval in which nothing is retrained but by request, and its reason. @default none */
  readonly retrainFreeze: string | undefined;
  /** Of one team, of those. @default 10 */
  readonly maxConcurrentRetrainsPerTeam: number;
  /** By one orchestrator, the training queue included; a connection may say otherwise. @default 50 */
  readonly maxConcurrentRetrainsPerOrchestrator: number;

  /** Connections to what runs trainings, by name; docs/orchestrators.md. @default {}: the training queue only */
  readonly orchestrators: OrchestratorConnections;
  /** Origins of providers that are not public or have no TLS, separated by commas; docs/providers.md. @default none */
  readonly providerOrigins: string | undefined;
  /** SNS topics that tell of thin events, by ARN, separated by commas; docs/providers.md. @default none */
  readonly providerTopics: string | undefined;
  /** Asymmetric KMS key that signs routing tables; docs/validation.md. @default unsigned */
  readonly routingSigningKeyArn: string | undefined;
  /** SageMaker endpoints that follow the routing table, by model; docs/validation.md. @default {} */
  readonly sagemakerEndpoints: SageMakerEndpoints;

  /** `on-demand` scales by itself and costs about as much idle as three shards. @default 'provisioned' */
  readonly streamMode: 'provisioned' | 'on-demand';
  /** Of a provisioned stream; each takes 1 MB/s. @default 1 */
  readonly streamShards: number;
  /** Batches of one shard that are joined at once; buckets stay in order. @default 1 */
  readonly joinParallelization: number;
  /** How long a batch of the join waits for more; fewer and larger ones cost less (docs/cost.md). @default 1 */
  readonly joinWindowSeconds: number;
  /** Records in a batch of the join at most. @default 500 */
  readonly joinBatchRecords: number;
  /** @default 1769, one whole processor */
  readonly joinMemoryMegabytes: number;
  /** @default 1769 */
  readonly scanMemoryMegabytes: number;
  /** Executions kept for the join, so that a flood of requests cannot starve it. @default none */
  readonly joinReservedConcurrency: number | undefined;
  /** How long predictions and outcomes are kept as they came in; a date can be joined again as long. @default 90 */
  readonly rawRetentionDays: number;
  /** How long joined predictions are kept. @default 400 */
  readonly joinedRetentionDays: number;
  /** Neptune capacity units that the graph idles at. @default 1 */
  readonly graphMinimumCapacity: number;
  /** Neptune capacity units at most; 16 carry the million-edge graph. @default 16 */
  readonly graphMaximumCapacity: number;
};

const domain = shaped(
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
  'a host name such as api.example.com',
);
const certificate = (region: string) =>
  shaped(
    new RegExp(`^arn:aws[\\w-]*:acm:${region}:\\d{12}:certificate/[\\w-]+$`),
    `an ACM certificate's ARN (${region})`,
  );
const claim = shaped(/^[\w:./-]{1,128}$/, "a claim's name");
// What CloudWatch Logs accepts.
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const memory = wholeNumber(128, 10_240);
const capacity = steppedNumber(1, 128, 0.5);

const readers: { readonly [Name in keyof Settings]: Reader<Settings[Name]> } = {
  stage: shaped(/^[a-z][a-z0-9]{0,11}$/, 'up to 12 lower-case letters or digits'),
  removal: oneOf('retain', 'destroy'),
  alarmEmail: optional(shaped(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address')),
  logRetentionDays: oneOfNumbers(retentions),
  apiDomain: optional(domain),
  apiCertificateArn: optional(certificate('[a-z0-9-]+')),
  portalDomain: optional(domain),
  portalCertificateArn: optional(certificate('us-east-1')),
  hostedZoneId: optional(shaped(/^Z[A-Z0-9]{4,31}$/, "a hosted zone's id such as Z0123456789ABCDEFGHIJ")),
  hostedZoneName: optional(domain),
  oidcIssuer: optional(shaped(/^https:\/\/[^\s?#]+$/, 'an https URL')),
  oidcAudience: optional(shaped(/^\S+$/, 'the audience in the tokens')),
  rolesClaim: claim,
  subjectClaim: claim,
  scanIntervalMinutes: wholeNumber(1),
  detectionCanary: oneOf('on', 'off'),
  batchJoin: oneOf('on', 'off'),
  decisionIntervalMinutes: wholeNumber(1),
  graphIntervalMinutes: wholeNumber(1),
  sweepIntervalMinutes: wholeNumber(4),
  maxConcurrentRetrains: wholeNumber(1),
  retrainFreeze: optional(
    shaped(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \S.{0,199}$/,
      'an interval and a reason such as 2026-12-20T00:00:00Z/2027-01-03T00:00:00Z the holidays',
    ),
  ),
  orchestrators: readConnections,
  providerOrigins: optional(
    shaped(/^https?:\/\/[a-z0-9.:-]+(,https?:\/\/[a-z0-9.:-]+)*$/, 'origins such as http://metadata.internal:8080'),
  ),
  providerTopics: optional(
    shaped(/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+(,arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+)*$/, 'ARNs of SNS topics'),
  ),
  routingSigningKeyArn: optional(shaped(/^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/, "a KMS key's ARN")),
  sagemakerEndpoints: readEndpoints,
  maxConcurrentRetrainsPerTeam: wholeNumber(1),
  maxConcurrentRetrainsPerOrchestrator: wholeNumber(1),
  streamMode: oneOf('provisioned', 'on-demand'),
  streamShards: wholeNumber(1, 10_000),
  joinParallelization: wholeNumber(1, 10),
  joinWindowSeconds: wholeNumber(0, 300),
  joinBatchRecords: wholeNumber(1, 10_000),
  joinMemoryMegabytes: memory,
  scanMemoryMegabytes: memory,
  joinReservedConcurrency: optional(wholeNumber(1)),
  rawRetentionDays: wholeNumber(8),
  joinedRetentionDays: wholeNumber(8),
  graphMinimumCapacity: capacity,
  graphMaximumCapacity: capacity,
};

/** A CDK app, as far as settings are concerned. */
type ContextSource = { readonly node: { getAllContext(): Readonly<Record<string, unknown>> } };

/** What a stage gets that sets nothing. */
export const defaultSettings = {
  stage: 'dev',
  removal: 'retain',
  logRetentionDays: 30,
  rolesClaim: 'cognito:groups',
  subjectClaim: 'sub',
  scanIntervalMinutes: 5,
  detectionCanary: 'off',
  batchJoin: 'on',
  decisionIntervalMinutes: 60,
  graphIntervalMinutes: 5,
  sweepIntervalMinutes: 60,
  maxConcurrentRetrains: 50,
  orchestrators: {},
  sagemakerEndpoints: {},
  maxConcurrentRetrainsPerTeam: 10,
  maxConcurrentRetrainsPerOrchestrator: 50,
  streamMode: 'provisioned',
  streamShards: 1,
  joinParallelization: 1,
  joinWindowSeconds: 1,
  joinBatchRecords: 500,
  joinMemoryMegabytes: 1_769,
  scanMemoryMegabytes: 1_769,
  rawRetentionDays: 90,
  joinedRetentionDays: 400,
  graphMinimumCapacity: 1,
  graphMaximumCapacity: 16,
} as const satisfies Partial<Settings>;

/** Every setting's name, in the order of the type. */
export const settingNames = Object.keys(readers) as readonly (keyof Settings)[];

/** Settings of the stage that the context chooses. Throws an Error that names the setting and what it expects. */
export function readSettings(app: ContextSource): Settings {
  const context = contextSettings(app);
  const stage = readers.stage('stage', context.stage ?? defaultSettings.stage);
  return parseSettings({ ...stageFile(stage), ...context, stage });
}

/** Throws an Error on a name that is no setting, on a value that does not fit, and on halves of a pair. */
export function parseSettings(given: Readonly<Record<string, unknown>>): Settings {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(readers, name));
  if (unknown.length > 0) throw new Error(`no such setting: ${unknown.join(', ')}; docs/deploy.md lists them`);
  const values: Readonly<Record<string, unknown>> = { ...defaultSettings, ...given };
  const parsed = settingNames.map((name) => [name, readers[name](name, values[name])]);
  const settings = Object.fromEntries(parsed) as Settings;
  checkPairs(settings);
  return settings;
}

function checkPairs(settings: Settings): void {
  const pairs = [
    ['apiDomain', 'apiCertificateArn'],
    ['portalDomain', 'portalCertificateArn'],
    ['hostedZoneId', 'hostedZoneName'],
    ['oidcIssuer', 'oidcAudience'],
  ] as const;
  for (const [one, other] of pairs)
    if ((settings[one] === undefined) !== (settings[other] === undefined))
      throw new Error(`settings ${one} and ${other}: expected both or neither`);
  const { graphMinimumCapacity: least, graphMaximumCapacity: most } = settings;
  if (least > most) throw new Error(`setting graphMinimumCapacity: expected at most ${most}, got ${least}`);
}

// The CLI's own context has `@`, `:` or `-` in every name, so a plain word is meant as a setting, misspelt or not.
function contextSettings(app: ContextSource): Record<string, unknown> {
  const context = Object.entries(app.node.getAllContext());
  return Object.fromEntries(context.filter(([name]) => /^[A-Za-z]+$/.test(name)));
}

function stageFile(stage: string): Record<string, unknown> {
  const file = fileURLToPath(new URL(`../stages/${stage}.json`, import.meta.url));
  if (!existsSync(file)) return {};
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}
