import type { App } from 'aws-cdk-lib';

/** What differs between stages; each is a CDK context value (`-c scanIntervalMinutes=15`). */
export type Settings = {
  /** Part of the stacks' names. @default 'dev' */
  readonly stage: string;
  /** How often models are looked through for one that is due. @default 5 */
  readonly scanIntervalMinutes: number;
  /** How often backstops, ended cooldowns and the queue are looked at without a hint. @default 60 */
  readonly decisionIntervalMinutes: number;
  /** Retrains that may run at once, over all teams. @default 50 */
  readonly maxConcurrentRetrains: number;
  /** Provisioned shards of the event stream; 1 MB/s in each. @default 1 */
  readonly streamShards: number;
  /** @default 30 */
  readonly logRetentionDays: number;
  /** `destroy` lets `cdk destroy` delete data; never in production. @default 'retain' */
  readonly removal: 'retain' | 'destroy';
};

export function readSettings(app: App): Settings {
  const stage = text(app, 'stage', 'dev');
  if (!/^[a-z][a-z0-9]{0,11}$/.test(stage))
    throw new Error(`context stage: expected up to 12 lower-case letters or digits, got ${stage}`);
  const removal = text(app, 'removal', 'retain');
  if (removal !== 'retain' && removal !== 'destroy')
    throw new Error(`context removal: expected retain or destroy, got ${removal}`);
  return {
    stage,
    removal,
    scanIntervalMinutes: wholeNumber(app, 'scanIntervalMinutes', 5),
    decisionIntervalMinutes: wholeNumber(app, 'decisionIntervalMinutes', 60),
    maxConcurrentRetrains: wholeNumber(app, 'maxConcurrentRetrains', 50),
    streamShards: wholeNumber(app, 'streamShards', 1),
    logRetentionDays: wholeNumber(app, 'logRetentionDays', 30),
  };
}

function text(app: App, name: string, fallback: string): string {
  const value: unknown = app.node.tryGetContext(name);
  return value === undefined ? fallback : String(value);
}

function wholeNumber(app: App, name: string, fallback: number): number {
  const value = Number(text(app, name, String(fallback)));
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`context ${name}: expected a whole number from 1, got ${text(app, name, '')}`);
  return value;
}
