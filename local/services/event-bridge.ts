import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Journal } from '../journal.ts';
import { account, region } from '../template/identities.ts';
import { type Clock, type Deliveries, type JsonService, type ResolvedResource, ServiceError } from '../types.ts';
import { parseArn } from './arn.ts';
import { requireDeliverable } from './deliveries.ts';
import { compilePattern, type EventPattern } from './event-pattern.ts';
import { parseInput, parseProperties, unsupported } from './properties.ts';

export type EventBridgeOptions = {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Resources of type `AWS::Events::EventBus` and `AWS::Events::Rule`. */
  readonly buses: readonly ResolvedResource[];
  readonly rules: readonly ResolvedResource[];
  readonly deliveries: Deliveries;
};

const ruleProperties = z.object({
  EventBusName: z.string().default('default'),
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z
    .array(
      z.object({
        Arn: z.string(),
        Input: z.string().optional(),
        InputPath: z
          .string()
          .regex(/^\$(\.[\w-]+)*$/, 'only paths like $.detail.id')
          .optional(),
        RetryPolicy: z.object({ MaximumRetryAttempts: z.number().optional() }).optional(),
        DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
      }),
    )
    .default([]),
});
type Target = z.infer<typeof ruleProperties>['Targets'][number];
type Rule = {
  readonly arn: string;
  readonly busName: string;
  readonly matches: EventPattern;
  readonly targets: readonly Target[];
};
type BusEvent = Readonly<Record<string, unknown>>;

const putEventsSchema = z.object({
  Entries: z
    .array(
      z.object({
        Source: z.string().optional(),
        DetailType: z.string().optional(),
        Detail: z.string().optional(),
        EventBusName: z.string().default('default'),
        Resources: z.array(z.string()).default([]),
        /** Seconds since the epoch. */
        Time: z.number().optional(),
      }),
    )
    .min(1)
    .max(10),
});
type Entry = z.infer<typeof putEventsSchema>['Entries'][number];

export interface EventBridge extends JsonService {
  /** What an AWS service says on the default bus. Durable with its deliveries when it returns. */
  announce(event: {
    readonly source: string;
    readonly detailType: string;
    readonly resource: string;
    readonly detail: object;
  }): void;
}

const maximumRequestBytes = 1_048_576;

/** EventBridge buses and rules. What a rule matches is durable in the deliveries before PutEvents answers. */
export function createEventBridge(options: EventBridgeOptions): EventBridge {
  const { journal, clock, deliveries } = options;
  const busByName = new Map(options.buses.map((bus) => [bus.physicalName, parseArn(bus.arn)]));
  const rules = options.rules.flatMap(readRule);

  function put(entry: Entry): object {
    const problem = problemOf(entry);
    if (problem !== undefined) return problem;
    const busName = busNameOf(entry.EventBusName);
    const bus = busByName.get(busName);
    if (bus === undefined) throw new ServiceError('ResourceNotFoundException', `no event bus ${busName}`);
    const id = randomUUID();
    route(busName, {
      version: '0',
      id,
      'detail-type': entry.DetailType,
      source: entry.Source,
      account: bus.account,
      time: inSeconds(entry.Time === undefined ? clock.now() : entry.Time * 1000),
      region: bus.region,
      resources: entry.Resources,
      detail: JSON.parse(entry.Detail ?? '{}'),
    });
    return { EventId: id };
  }

  function route(busName: string, event: BusEvent): void {
    for (const rule of rules) {
      if (rule.busName !== busName || !rule.matches(event)) continue;
      for (const target of rule.targets) deliveries.enqueue(deliveryOf(rule, target, event));
    }
  }

  return {
    announce({ source, detailType, resource, detail }) {
      const head = { version: '0', id: randomUUID(), 'detail-type': detailType, source, account, region };
      const event = { ...head, time: inSeconds(clock.now()), resources: [resource], detail };
      journal.transaction(() => route('default', event));
    },
    targetPrefix: 'AWSEvents',
    async handle(operation, input) {
      if (operation !== 'PutEvents') {
        throw new ServiceError('UnknownOperationException', `EventBridge ${operation} is not emulated`);
      }
      if (Buffer.byteLength(JSON.stringify(input)) > maximumRequestBytes) {
        throw new ServiceError('ValidationException', `the events are larger than ${maximumRequestBytes} bytes`);
      }
      const { Entries } = parseInput(input, putEventsSchema, 'ValidationException');
      const results = journal.transaction(() => Entries.map(put));
      return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
    },
  };
}

/** Nothing for a disabled rule. Throws an Error naming the rule and what is not emulated. */
function readRule(resource: ResolvedResource): readonly Rule[] {
  const { EventBusName, EventPattern, State, Targets } = parseProperties(resource, ruleProperties);
  try {
    const matches = compilePattern(EventPattern);
    for (const target of Targets) requireDeliverable(target.Arn);
    return State === 'ENABLED'
      ? [{ arn: resource.arn, busName: busNameOf(EventBusName), matches, targets: Targets }]
      : [];
  } catch (error) {
    throw unsupported(resource, error instanceof Error ? error.message : String(error));
  }
}

function problemOf(entry: Entry): object | undefined {
  const missing = (['Source', 'DetailType', 'Detail'] as const).find((field) => !entry[field]);
  if (missing !== undefined) return { ErrorCode: 'InvalidArgument', ErrorMessage: `${missing} is missing` };
  try {
    const detail: unknown = JSON.parse(entry.Detail ?? '');
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return undefined;
  } catch {
    // Falls through to the same answer as a detail that is no object.
  }
  return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is not a JSON object' };
}

function inSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

function busNameOf(nameOrArn: string): string {
  return nameOrArn.split('/').at(-1) ?? nameOrArn;
}

function deliveryOf(rule: Rule, target: Target, event: BusEvent): Parameters<Deliveries['enqueue']>[0] {
  const path = target.InputPath?.split('.').slice(1) ?? [];
  const selected = path.reduce<unknown>((value, key) => (value as BusEvent | undefined)?.[key], event);
  const deadLetterArn = target.DeadLetterConfig?.Arn;
  const maximumRetryAttempts = target.RetryPolicy?.MaximumRetryAttempts;
  return {
    targetArn: target.Arn,
    by: { principal: 'events.amazonaws.com', sourceArn: rule.arn },
    payload: target.Input ?? JSON.stringify(selected ?? {}),
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    ...(maximumRetryAttempts === undefined ? {} : { maximumRetryAttempts }),
  };
}
