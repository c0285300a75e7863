import { type FieldProblem, notFound, RunwayError } from '../../domain/errors.ts';
import { arrivalAt } from '../../domain/ground-truth/attribution-window.ts';
import type { JoinEvent } from '../../domain/ground-truth/bucket-state.ts';
import type { ColumnContext } from '../../domain/ground-truth/column-checks.ts';
import { type JoinInput, joinInputOf } from '../../domain/ground-truth/join-input.ts';
import { namedIds, property } from '../../domain/ground-truth/named-ids.ts';
import type { PackedEvent } from '../../domain/ground-truth/records.ts';
import { longestWindowMinutes, type ServedModel } from '../../domain/ground-truth/served-model.ts';
import { validateColumns, versionsNamed } from '../../domain/ground-truth/validate-columns.ts';
import { type RawEvent, type Validated, validateEvent } from '../../domain/ground-truth/validate-record.ts';
import { readColumns } from '../../domain/ground-truth/wire-columns.ts';
import {
  columnFormat,
  partitionKeyOf,
  readEvents,
  unpack,
  type WireFault,
  type WireHeader,
  type WireRecord,
  type WireResult,
} from '../../domain/ground-truth/wire-format.ts';
import { expectScope } from '../../domain/ground-truth/writer-access.ts';
import { mayWriteFor } from '../../domain/ground-truth/writer-key.ts';
import { type Instant, toMillis } from '../../domain/time.ts';
import type { BucketId } from '../../ports/join-buffer.ts';
import type { ModelDirectory } from '../../ports/model-directory.ts';
import { type Admission, admitWriter } from './admit-writer.ts';

/** A record as the stream delivers it. */
export type StreamRecord = {
  /** Sequence number. */
  readonly id: string;
  readonly shardId: string;
  readonly partitionKey: string;
  /** When it arrived in the stream. */
  readonly now: Instant;
  readonly data: Uint8Array;
};

export type RejectedLine = {
  readonly index: number;
  readonly problems: readonly FieldProblem[];
  /** A row of columns as an object; a line stands in the record as it is. */
  readonly record?: unknown;
};

export type OpenedRecord = {
  readonly bucket: BucketId;
  readonly model: ServedModel;
  readonly events: readonly JoinEvent[];
  readonly rejected: readonly RejectedLine[];
};

export type Opening = Admission & { readonly directory: ModelDirectory };

/**
 * Checks who wrote a record and what is in it. Lines or rows that do not fit the model are listed; the others are good.
 * Throws `MalformedRecord`, `NotFound` (code `unknown-model`), `NotAuthorized` (codes `wrong-team`, `wrong-scope`) or what
 * `admitWriter` throws when the record as a whole is unusable, `DependencyUnavailable` when that cannot be told now.
 */
export async function openRecord(opening: Opening, record: StreamRecord): Promise<OpenedRecord> {
  const wire = valueOrThrow(unpack(record.data));
  const { writer, modelId, bucket } = wire.header;
  const admitted = await admitWriter(opening, wire, record);
  const model = await opening.directory.find(modelId, []);
  if (model === undefined) throw notFound('model', modelId);
  checkPlace(wire.header, model, record.partitionKey);
  const payload = wire.header.format === columnFormat ? columnsOf(wire) : linesOf(wire);
  const withVersions = (await opening.directory.find(modelId, payload.versions)) ?? model;
  const arrival = arrivalAt(record.now, longestWindowMinutes(withVersions));
  const { inputs, rejected } = payload.validate({ model: withVersions, arrival, bucket });
  for (const input of inputs) if (input !== undefined) expectScope(admitted, input.kind);
  return { bucket: { modelId, bucket }, model: withVersions, events: eventsOf(inputs, writer, record), rejected };
}

type Inputs = readonly (JoinInput | undefined)[];
type Validation = { readonly inputs: Inputs; readonly rejected: readonly RejectedLine[] };
/** What is in a record, whatever its format: it can be validated when the versions it names are known. */
type Payload = { readonly versions: readonly number[]; readonly validate: (context: ColumnContext) => Validation };

function columnsOf(wire: WireRecord): Payload {
  const columns = valueOrThrow(readColumns(wire));
  return { versions: versionsNamed(columns), validate: (context) => validateColumns(columns, context) };
}

function linesOf(wire: WireRecord): Payload {
  const lines = valueOrThrow(readEvents(wire)).map(asEvent);
  const versions = lines.flatMap((line) => (line.ok ? namedIds(line.value.record).versions : []));
  return { versions, validate: (context) => validateLines(lines, context) };
}

function eventsOf(inputs: Inputs, writer: string, { id, shardId, now: arrivedAt }: StreamRecord): readonly JoinEvent[] {
  const now = toMillis(arrivedAt);
  const events: JoinEvent[] = [];
  for (let index = 0; index < inputs.length; index += 1) {
    const event = inputs[index];
    if (event !== undefined) events.push({ position: { shardId, sequenceNumber: id, index }, now, writer, event });
  }
  return events;
}

function valueOrThrow<T>(result: WireResult<T>): T {
  if (result.ok) return result.value;
  throw new RunwayError('MalformedRecord', result.code, result.reason);
}

// A record under a foreign key would come out of order with the other records of its bucket.
function checkPlace({ writer, bucket }: WireHeader, model: ServedModel, partitionKey: string): void {
  if (!mayWriteFor(writer, model.team))
    throw new RunwayError('NotAuthorized', 'wrong-team', `${writer} may not write for team ${model.team}`);
  const expected = partitionKeyOf(model.modelId, bucket);
  if (bucket >= model.buckets)
    throw new RunwayError('MalformedRecord', 'unknown-bucket', `bucket ${bucket} of ${model.buckets}`);
  if (partitionKey !== expected)
    throw new RunwayError('MalformedRecord', 'wrong-partition-key', `partition key ${partitionKey}, not ${expected}`);
}

function asEvent(line: WireResult<unknown>): WireResult<RawEvent> {
  if (!line.ok) return line;
  const kind = property(line.value, 'kind');
  const record = property(line.value, 'record');
  if (kind === 'prediction' || kind === 'outcome' || kind === 'business-metric')
    return { ok: true, value: { kind, record } };
  const reason = 'expected {"kind": "prediction" | "outcome" | "business-metric", "record": …}';
  return { ok: false, code: 'unknown-kind', reason };
}

function validateLines(lines: readonly WireResult<RawEvent>[], { model, arrival, bucket }: ColumnContext): Validation {
  const rejected: RejectedLine[] = [];
  const inputs = lines.map((line, index) => {
    const result = line.ok ? validateEvent(line.value, model, arrival, bucket) : undecodable(line);
    if (result.ok) return joinInputOf(result.record);
    rejected.push({ index, problems: result.problems });
    return undefined;
  });
  return { inputs, rejected };
}

function undecodable({ code, reason }: WireFault): Validated<PackedEvent> {
  return { ok: false, problems: [{ field: '', code, reason }] };
}
