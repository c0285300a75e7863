import { type FieldProblem, notFound, RunwayError } from '../../domain/errors.ts';
import { type Arrival, arrivalAt } from '../../domain/ground-truth/attribution-window.ts';
import type { JoinEvent } from '../../domain/ground-truth/bucket-state.ts';
import { joinInputOf } from '../../domain/ground-truth/join-input.ts';
import { namedIds, property } from '../../domain/ground-truth/named-ids.ts';
import type { PackedEvent } from '../../domain/ground-truth/records.ts';
import type { ServedModel } from '../../domain/ground-truth/served-model.ts';
import { type Validated, validateOutcome, validatePrediction } from '../../domain/ground-truth/validate-record.ts';
import {
  partitionKeyOf,
  readEvents,
  unpack,
  verify,
  type WireFault,
  type WireHeader,
  type WireRecord,
  type WireResult,
} from '../../domain/ground-truth/wire-format.ts';
import { mayWriteFor, writerKey } from '../../domain/ground-truth/writer-key.ts';
import { type Instant, toMillis } from '../../domain/time.ts';
import type { BucketId } from '../../ports/join-buffer.ts';
import type { ModelDirectory } from '../../ports/model-directory.ts';
import type { RootSecret } from '../../ports/root-secret.ts';

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

export type RejectedLine = { readonly index: number; readonly problems: readonly FieldProblem[] };

export type OpenedRecord = {
  readonly bucket: BucketId;
  readonly model: ServedModel;
  readonly events: readonly JoinEvent[];
  readonly rejected: readonly RejectedLine[];
};

export type Opening = { readonly directory: ModelDirectory; readonly rootSecret: RootSecret };

/**
 * Checks who wrote a record and what is in it. Lines that do not fit the model are listed; the others are good. Throws
 * `MalformedRecord`, `InvalidSignature`, `NotFound` (code `unknown-model`) or `NotAuthorized` (code `wrong-team`) when
 * the record as a whole is unusable, `DependencyUnavailable` when that cannot be told now.
 */
export async function openRecord(opening: Opening, record: StreamRecord): Promise<OpenedRecord> {
  const wire = valueOrThrow(unpack(record.data));
  const { writer, modelId, bucket } = wire.header;
  if (!verify(wire, writerKey(await opening.rootSecret.read(), writer)))
    throw new RunwayError('InvalidSignature', 'wrong-signature', `the signature is not that of writer ${writer}`);
  const model = await opening.directory.find(modelId, []);
  if (model === undefined) throw notFound('model', modelId);
  checkPlace(wire.header, model, record.partitionKey);
  const lines = valueOrThrow(readEvents(wire)).map(asEvent);
  const versions = lines.flatMap((line) => (line.ok ? namedIds(line.value.record).versions : []));
  const withVersions = (await opening.directory.find(modelId, versions)) ?? model;
  return { bucket: { modelId, bucket }, model: withVersions, ...validateLines(lines, withVersions, wire, record) };
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

type RawEvent = { readonly kind: PackedEvent['kind']; readonly record: unknown };

function asEvent(line: WireResult<unknown>): WireResult<RawEvent> {
  if (!line.ok) return line;
  const kind = property(line.value, 'kind');
  const record = property(line.value, 'record');
  if (kind === 'prediction' || kind === 'outcome') return { ok: true, value: { kind, record } };
  return { ok: false, code: 'unknown-kind', reason: 'expected {"kind": "prediction" | "outcome", "record": …}' };
}

function validateLines(
  lines: readonly WireResult<RawEvent>[],
  model: ServedModel,
  { header }: WireRecord,
  { now, id, shardId }: StreamRecord,
): Pick<OpenedRecord, 'events' | 'rejected'> {
  const events: JoinEvent[] = [];
  const rejected: RejectedLine[] = [];
  const nowMillis = toMillis(now);
  const arrival = arrivalAt(now, model.attributionWindowMinutes);
  for (const [index, line] of lines.entries()) {
    const result = line.ok ? validateEvent(line.value, model, arrival, header.bucket) : undecodable(line);
    const position = { shardId, sequenceNumber: id, index };
    if (result.ok) events.push({ position, now: nowMillis, writer: header.writer, event: joinInputOf(result.record) });
    else rejected.push({ index, problems: result.problems });
  }
  return { events, rejected };
}

function undecodable({ code, reason }: WireFault): Validated<PackedEvent> {
  return { ok: false, problems: [{ field: '', code, reason }] };
}

function validateEvent({ kind, record }: RawEvent, model: ServedModel, arrival: Arrival, bucket: number) {
  if (kind === 'prediction') {
    const result = validatePrediction(record, model, arrival, bucket);
    return result.ok ? { ok: true as const, record: { kind, record: result.record } } : result;
  }
  const result = validateOutcome(record, model, arrival, bucket);
  return result.ok ? { ok: true as const, record: { kind, record: result.record } } : result;
}
