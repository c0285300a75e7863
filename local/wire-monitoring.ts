import path from 'node:path';
import { type CloudWatch, createCloudWatch, type Measure } from './cloudwatch/cloudwatch.ts';
import {
  measureApi,
  measureExecutions,
  measureFunctions,
  putCounter,
  queueGauges,
} from './cloudwatch/service-metrics.ts';
import type { HttpHandler } from './http/server.ts';
import type { Journal } from './journal.ts';
import type { QueueGauge } from './services/message-store.ts';
import { createSns, type TopicMessage } from './services/sns.ts';
import type { LoadedTemplate } from './template/load-template.ts';
import type { Clock, Functions, WorkSource } from './types.ts';

export type MonitoringOptions = {
  readonly template: LoadedTemplate;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Logs are in `logs/`, mails go to `inbox/`. */
  readonly dataDir: string;
  /** See `KinesisEngine`. */
  readonly puts: () => number;
  readonly log: (message: string) => void;
};

export interface Monitoring {
  /** Comes before all other sources, so that it sees a new minute before anything is done in it. */
  readonly source: WorkSource;
  functions(functions: Functions): Functions;
  api(handler: HttpHandler): HttpHandler;
  readonly onExecutionEnd: ReturnType<typeof measureExecutions>;
  /** Where to read the queues off. */
  watchQueues(gaugesAt: (time: number) => readonly QueueGauge[]): void;
  status(): ReturnType<CloudWatch['status']> & { readonly messages: readonly TopicMessage[] };
  stop(): void;
}

/** Metrics, alarms and whom they tell: CloudWatch and SNS of the template. */
export function wireMonitoring(options: MonitoringOptions): Monitoring {
  const { template, journal, clock, dataDir, log } = options;
  const { ofType } = template;
  const sns = createSns({
    journal,
    clock,
    topics: ofType('AWS::SNS::Topic'),
    subscriptions: ofType('AWS::SNS::Subscription'),
    inboxDirectory: path.join(dataDir, 'inbox'),
  });
  let readQueues: ReturnType<typeof queueGauges> = () => undefined;
  const cloudwatch = createCloudWatch({
    journal,
    clock,
    alarms: ofType('AWS::CloudWatch::Alarm'),
    composites: ofType('AWS::CloudWatch::CompositeAlarm'),
    publish: sns.publish,
    readGauges: (minutes, measure) => readQueues(minutes, measure),
    log,
  });
  const measure: Measure = cloudwatch.record;
  // With several streams nobody could tell which one a request was for.
  const [stream, another] = ofType('AWS::Kinesis::Stream');
  const countPuts = putCounter(options.puts, another === undefined ? stream?.physicalName : undefined, measure);
  const closers: (() => void)[] = [cloudwatch.stop];
  return {
    source: {
      ...cloudwatch,
      pump() {
        countPuts();
        return cloudwatch.pump();
      },
    },
    functions(functions) {
      const measured = measureFunctions(functions, { measure, clock, logDirectory: path.join(dataDir, 'logs') });
      closers.push(measured.stop);
      return measured;
    },
    api: (handler) => measureApi(handler, ofType('AWS::ApiGatewayV2::Api')[0]?.physicalName ?? '', measure),
    onExecutionEnd: measureExecutions(measure),
    watchQueues(gaugesAt) {
      readQueues = queueGauges(gaugesAt);
    },
    status: () => ({ ...cloudwatch.status(), messages: sns.messages(50) }),
    stop() {
      for (const close of closers) close();
    },
  };
}
