import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { BufferedPrediction, Entry, Truth } from './segment.ts';

/**
 * What a commit adds to a segment: predictions, and truths after those that are known of their id; `isReplaced`: instead
 * of them.
 */
export type EntryChange = Entry & { readonly isReplaced?: true };

const plain = 2;
const deflated = 3;
// Below this, starting the compressor takes longer than the bytes it saves.
const compressFromBytes = 400;
// A few kilobytes: a larger window finds little more and takes a quarter of the time to set up.
const deflateOptions = { level: 1, memLevel: 6, windowBits: 14, chunkSize: 16_384 };

const hasPrediction = 1;
const isReplaced = 2;
const hasShadows = 1;
const hasRollout = 2;
const hasRatio = 4;
const isOutside = 8;
const hasSegments = 16;
// Written until lists were kept as a whole.
const hasTopItem = 32;
const hasItems = 64;
const hasValue = 1;
const hasType = 2;
const hasItem = 4;
const hasWriter = 8;
const hasArrival = 16;

/** Changes as bytes. Several of them, one after the other as `blocksOf` puts them, are a part of the segment's log. */
export function encodeChanges(changes: readonly EntryChange[]): Buffer {
  const texts = new TextTable();
  const base = baseOf(changes);
  const rows = new ByteWriter();
  for (const change of changes) {
    const { prediction, truths } = change;
    rows.byte((prediction === undefined ? 0 : hasPrediction) | (change.isReplaced ? isReplaced : 0));
    if (prediction !== undefined) writePrediction(rows, prediction, base, texts);
    rows.count(truths.length);
    for (const truth of truths) writeTruth(rows, truth, base, texts);
  }
  const all = new ByteWriter();
  all.signed(base);
  const ids = all.texts(changes.map(({ predictionId }) => predictionId));
  all.texts(texts.all());
  all.bytes(rows.finish());
  return packed(all.finish(), ids);
}

function packed(body: Buffer, ids: 'compressible' | 'dense'): Buffer {
  if (ids === 'dense' || body.length < compressFromBytes) return Buffer.concat([Buffer.of(plain), body]);
  return Buffer.concat([Buffer.of(deflated), deflateRawSync(body, deflateOptions)]);
}

/** Throws when the bytes are not from `encodeChanges`. */
export function decodeChanges(data: Uint8Array): readonly EntryChange[] {
  const body = data.subarray(1);
  if (data[0] !== plain && data[0] !== deflated) throw new RangeError(`format ${data[0]}, expected 2 or 3`);
  const reader = new ByteReader(data[0] === plain ? body : inflateRawSync(body));
  const base = reader.signed();
  const ids = reader.texts();
  const texts = reader.texts();
  return ids.map((predictionId) => {
    const flags = reader.byte();
    const prediction = flags & hasPrediction ? readPrediction(reader, base, texts) : undefined;
    const truths = Array.from({ length: reader.count() }, () => readTruth(reader, base, texts));
    return {
      predictionId,
      truths,
      ...(prediction && { prediction }),
      ...(flags & isReplaced && { isReplaced: true as const }),
    };
  });
}

function baseOf([first]: readonly EntryChange[]): number {
  return Math.floor(first?.prediction?.predictedAt ?? first?.truths[0]?.observedAt ?? 0);
}

/** Texts that repeat, each once. */
class TextTable {
  readonly #indexes = new Map<string, number>();

  indexOf(text: string): number {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.#indexes.size);
    return this.#indexes.size - 1;
  }

  all(): readonly string[] {
    return [...this.#indexes.keys()];
  }
}

function writePrediction(rows: ByteWriter, prediction: BufferedPrediction, base: number, texts: TextTable): void {
  const { shadows, rolloutId, samplingRatio, segments = 0, itemIds } = prediction;
  rows.byte(
    (shadows.length > 0 ? hasShadows : 0) |
      (rolloutId === undefined ? 0 : hasRollout) |
      (samplingRatio === undefined ? 0 : hasRatio) |
      (prediction.isOutsideSample ? isOutside : 0) |
      (segments === 0 ? 0 : hasSegments) |
      (itemIds === undefined ? 0 : hasItems),
  );
  rows.count(prediction.version);
  rows.signed(prediction.predictedAt - base);
  rows.number(prediction.score);
  if (shadows.length > 0) rows.count(shadows.length);
  for (const { version, score } of shadows) {
    rows.count(version);
    rows.number(score);
  }
  if (rolloutId !== undefined) rows.count(texts.indexOf(rolloutId));
  if (samplingRatio !== undefined) rows.number(samplingRatio);
  if (segments !== 0) rows.count(segments);
  if (itemIds !== undefined) writeItems(rows, itemIds, texts);
}

function writeItems(rows: ByteWriter, itemIds: readonly string[], texts: TextTable): void {
  rows.count(itemIds.length);
  for (const itemId of itemIds) rows.count(texts.indexOf(itemId));
}

function readPrediction(rows: ByteReader, base: number, texts: readonly string[]): BufferedPrediction {
  const flags = rows.byte();
  const version = rows.count();
  const predictedAt = rows.signed() + base;
  const score = rows.number();
  const count = flags & hasShadows ? rows.count() : 0;
  const shadows = Array.from({ length: count }, () => ({ version: rows.count(), score: rows.number() }));
  return {
    version,
    predictedAt,
    score,
    shadows,
    ...(flags & hasRollout && { rolloutId: texts[rows.count()]! }),
    ...(flags & hasRatio && { samplingRatio: rows.number() }),
    ...(flags & isOutside && { isOutsideSample: true as const }),
    ...(flags & hasSegments && { segments: rows.count() }),
    ...(flags & hasTopItem && { topItemId: texts[rows.count()]! }),
    ...(flags & hasItems && { itemIds: Array.from({ length: rows.count() }, () => texts[rows.count()]!) }),
  };
}

function writeTruth(rows: ByteWriter, truth: Truth, base: number, texts: TextTable): void {
  const { observedAt, businessValue, outcomeType, itemId, writer, arrivedAt } = truth;
  rows.byte(
    (businessValue === undefined ? 0 : hasValue) |
      (outcomeType === undefined ? 0 : hasType) |
      (itemId === undefined ? 0 : hasItem) |
      (writer === undefined ? 0 : hasWriter) |
      (arrivedAt === undefined ? 0 : hasArrival),
  );
  rows.signed(observedAt - base);
  rows.number(truth.label);
  if (businessValue !== undefined) rows.number(businessValue);
  if (outcomeType !== undefined) rows.count(texts.indexOf(outcomeType));
  if (itemId !== undefined) rows.count(texts.indexOf(itemId));
  if (writer !== undefined) rows.count(texts.indexOf(writer));
  if (arrivedAt !== undefined) rows.signed(arrivedAt - base);
}

function readTruth(rows: ByteReader, base: number, texts: readonly string[]): Truth {
  const flags = rows.byte();
  const observedAt = rows.signed() + base;
  const label = rows.number();
  return {
    observedAt,
    label,
    ...(flags & hasValue && { businessValue: rows.number() }),
    ...(flags & hasType && { outcomeType: texts[rows.count()]! }),
    ...(flags & hasItem && { itemId: texts[rows.count()]! }),
    ...(flags & hasWriter && { writer: texts[rows.count()]! }),
    ...(flags & hasArrival && { arrivedAt: rows.signed() + base }),
  };
}
