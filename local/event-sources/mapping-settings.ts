import * as z from 'zod';
import { functionNameOf, parseArn } from '../services/arn.ts';
import { compilePattern, type EventPattern } from '../services/event-pattern.ts';
import { destinationSchema, parseProperties, unsupported } from '../services/properties.ts';
import type { ResolvedResource } from '../types.ts';

/** An `AWS::Lambda::EventSourceMapping` with Lambda's defaults filled in. */
export type MappingSettings = {
  readonly id: string;
  readonly functionName: string;
  readonly sourceArn: string;
  readonly region: string;
  readonly isEnabled: boolean;
  readonly batchSize: number;
  readonly windowMilliseconds: number;
  /** Of a queue's batches that are in hand at once; infinite unless set. */
  readonly maximumConcurrency: number;
  readonly reportsItemFailures: boolean;
  readonly bisects: boolean;
  /** Infinite unless set. */
  readonly maximumRetries: number;
  readonly maximumAgeMilliseconds: number;
  readonly failureDestinationArn: string | undefined;
  /** True for what the function is to see; undefined when it is to see everything. */
  readonly filter: EventPattern | undefined;
};

const mappingProperties = z.object({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  Enabled: z.boolean().default(true),
  BatchSize: z.number().optional(),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  // The mapping and its stream begin together here, so both positions see the same records.
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']).optional(),
  BisectBatchOnFunctionError: z.boolean().default(false),
  MaximumRetryAttempts: z.number().default(-1),
  MaximumRecordAgeInSeconds: z.number().default(-1),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  DestinationConfig: destinationSchema.optional(),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })).default([]) }).optional(),
  ScalingConfig: z.object({ MaximumConcurrency: z.number().optional() }).optional(),
  ParallelizationFactor: z.literal(1, 'only 1 is emulated').optional(),
});

/** Throws an Error naming the mapping and what is not emulated. */
export function readMapping(resource: ResolvedResource, defaultBatchSize: number): MappingSettings {
  const properties = parseProperties(resource, mappingProperties);
  const unlimited = (value: number) => (value === -1 ? Number.POSITIVE_INFINITY : value);
  return {
    id: resource.logicalId,
    functionName: functionNameOf(properties.FunctionName),
    sourceArn: properties.EventSourceArn,
    region: parseArn(properties.EventSourceArn).region,
    isEnabled: properties.Enabled,
    batchSize: properties.BatchSize ?? defaultBatchSize,
    maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency ?? Number.POSITIVE_INFINITY,
    windowMilliseconds: properties.MaximumBatchingWindowInSeconds * 1000,
    reportsItemFailures: properties.FunctionResponseTypes.length > 0,
    bisects: properties.BisectBatchOnFunctionError,
    maximumRetries: unlimited(properties.MaximumRetryAttempts),
    maximumAgeMilliseconds: unlimited(properties.MaximumRecordAgeInSeconds) * 1000,
    failureDestinationArn: properties.DestinationConfig?.OnFailure?.Destination,
    filter: compileFilters(resource, properties.FilterCriteria?.Filters ?? []),
  };
}

function compileFilters(resource: ResolvedResource, filters: readonly { readonly Pattern: string }[]) {
  try {
    const patterns = filters.map(({ Pattern }) => compilePattern(JSON.parse(Pattern)));
    return patterns.length === 0 ? undefined : (event: unknown) => patterns.some((matches) => matches(event));
  } catch (error) {
    throw unsupported(resource, `FilterCriteria: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Which of a batch's items failed, from the answer `{"batchItemFailures":[{"itemIdentifier":"…"}]}`. As in Lambda, an
 * identifier that is not in the batch means that all failed.
 */
export function failedItems(payload: unknown, identifiers: readonly string[]): ReadonlySet<string> {
  const answer = answerSchema.safeParse(payload ?? {});
  const failed = answer.data?.batchItemFailures?.map((item) => item.itemIdentifier) ?? [];
  const isUnderstood = answer.success && failed.every((identifier) => identifiers.includes(identifier));
  return new Set(isUnderstood ? failed : identifiers);
}

const answerSchema = z.looseObject({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish(),
});
