import type { Reader } from './parse-setting.ts';

/** What a stage says of one connection; `shared/adapters/orchestrators/connection.ts` is what functions take of it. */
export type OrchestratorConnection = {
  /** Retrains that may run there at once. @default the setting `maxConcurrentRetrainsPerOrchestrator` */
  readonly maxConcurrentRetrains?: number;
} & Kind;

type Kind =
  | {
      readonly kind: 'maestro';
      readonly baseUrl: string;
      readonly user?: string;
      readonly secretArn?: string;
      /** Where Maestro publishes its events. @default none: runs are polled only */
      readonly eventTopicArn?: string;
    }
  | {
      readonly kind: 'metaflow-argo';
      readonly eventUrl: string;
      readonly secretArn?: string;
      readonly metadataUrl: string;
      readonly metadataSecretArn?: string;
    }
  | { readonly kind: 'metaflow-step-functions' | 'step-functions'; readonly stateMachineArns: readonly string[] }
  | { readonly kind: 'sagemaker-pipelines'; readonly pipelineArns: readonly string[] };

export type OrchestratorConnections = Readonly<Record<string, OrchestratorConnection>>;

const url = /^https?:\/\/[^\s?#]+$/;
const secret = /^arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+$/;
const topic = /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]{1,256}$/;
const stateMachine = /^arn:aws[\w-]*:states:[\w-]+:\d{12}:stateMachine:[\w-]{1,80}$/;
const pipeline = /^arn:aws[\w-]*:sagemaker:[\w-]+:\d{12}:pipeline\/[a-z0-9-]{1,256}$/;

type Shape = Readonly<Record<string, { readonly pattern: RegExp; readonly as: 'text' | 'optional' | 'list' }>>;

const shapes: Readonly<Record<OrchestratorConnection['kind'], Shape>> = {
  maestro: {
    baseUrl: { pattern: url, as: 'text' },
    user: { pattern: /^[\w.@-]{1,128}$/, as: 'optional' },
    secretArn: { pattern: secret, as: 'optional' },
    eventTopicArn: { pattern: topic, as: 'optional' },
  },
  'metaflow-argo': {
    eventUrl: { pattern: url, as: 'text' },
    secretArn: { pattern: secret, as: 'optional' },
    metadataUrl: { pattern: url, as: 'text' },
    metadataSecretArn: { pattern: secret, as: 'optional' },
  },
  'metaflow-step-functions': { stateMachineArns: { pattern: stateMachine, as: 'list' } },
  'step-functions': { stateMachineArns: { pattern: stateMachine, as: 'list' } },
  'sagemaker-pipelines': { pipelineArns: { pattern: pipeline, as: 'list' } },
};

/** A function's environment holds all of them, and 4 KB in all. */
const maximumCharacters = 3_000;

/** Connections by name, as an object of a stage's file or as a text of JSON on the command line. */
export const readConnections: Reader<OrchestratorConnections> = (name, given) => {
  const connections = objectOf(name, typeof given === 'string' ? parsed(name, given) : given);
  for (const [connection, value] of Object.entries(connections)) {
    const at = `${name}.${connection}`;
    if (!/^[a-z][a-z0-9-]{0,62}$/.test(connection) || connection === 'training-queue')
      throw refusal(at, 'lower-case letters, digits or hyphens, and not training-queue', connection);
    check(at, objectOf(at, value));
  }
  const { length } = JSON.stringify(connections);
  if (length > maximumCharacters) throw refusal(name, `at most ${maximumCharacters} characters in all`, length);
  return connections as OrchestratorConnections;
};

/** How many retrains may run at once by one orchestrator, and by those that say otherwise. */
export function retrainsPerOrchestrator(each: number, connections: OrchestratorConnections) {
  const own = Object.entries(connections).map(
    ([name, connection]) => [name, connection.maxConcurrentRetrains] as const,
  );
  return { each, exceptions: Object.fromEntries(own.filter(([, limit]) => limit !== undefined)) };
}

function check(
  at: string,
  { kind, maxConcurrentRetrains: limit = 1, ...members }: Readonly<Record<string, unknown>>,
): void {
  if (!Number.isInteger(limit) || Number(limit) < 1)
    throw refusal(`${at}.maxConcurrentRetrains`, 'a whole number from 1', limit);
  const shape = Object.entries(shapes).find(([known]) => known === kind)?.[1];
  if (shape === undefined) throw refusal(`${at}.kind`, Object.keys(shapes).join(' or '), kind);
  for (const member of Object.keys(members))
    if (!Object.hasOwn(shape, member)) throw refusal(at, Object.keys(shape).join(', '), member);
  for (const [member, { pattern, as }] of Object.entries(shape)) {
    const value = members[member];
    if (value === undefined && as === 'optional') continue;
    const texts: readonly unknown[] = as === 'list' ? (Array.isArray(value) ? value : []) : [value];
    if (texts.length === 0 || texts.some((text) => typeof text !== 'string' || !pattern.test(text)))
      throw refusal(`${at}.${member}`, String(pattern), value);
  }
}

function objectOf(name: string, given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw refusal(name, 'an object', given);
  return { ...given };
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(name, 'JSON', text);
  }
}

function refusal(name: string, expected: string, given: unknown): Error {
  return new Error(`setting ${name}: expected ${expected}, got ${JSON.stringify(given) ?? 'nothing'}`);
}
