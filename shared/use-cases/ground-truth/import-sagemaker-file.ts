import { isRunwayError, RunwayError } from '../../domain/errors.ts';
import { type Arrival, arrivalAt } from '../../domain/ground-truth/attribution-window.ts';
import type { PackedEvent } from '../../domain/ground-truth/records.ts';
import { collectedAt, type SageMakerPlace, sageMakerPlace } from '../../domain/ground-truth/sagemaker-place.ts';
import {
  capturedPredictions,
  labelledOutcomes,
  type SageMakerRecords,
} from '../../domain/ground-truth/sagemaker-records.ts';
import { longestWindowMinutes, type ServedModel } from '../../domain/ground-truth/served-model.ts';
import { validateEvent } from '../../domain/ground-truth/validate-record.ts';
import { parse } from '../../domain/ground-truth/wire-format.ts';
import { ownTeam } from '../../domain/ground-truth/writer-key.ts';
import type { Instant } from '../../domain/time.ts';
import type { DroppedFiles } from '../../ports/dropped-files.ts';
import type { FailureStore } from '../../ports/failure-store.ts';
import type { ModelDirectory } from '../../ports/model-directory.ts';
import type { RejectedLine } from './open-record.ts';
import { type Publishing, publishEvents } from './publish-events.ts';

type Dependencies = Publishing & {
  readonly directory: ModelDirectory;
  readonly files: DroppedFiles;
  readonly failures: FailureStore;
};

/** A file that was put under `sagemaker/`. */
export type DroppedFile = { readonly key: string; readonly arrivedAt: Instant };
export type Imported = { readonly accepted: number; readonly rejected: number };

const source = 'ground-truth-import-sagemaker';
/** Who may put files there is said by the bucket's policies, so they are good for every team. */
const writer = `${ownTeam}/sagemaker`;
/** Events held before they are put on the stream. */
const eventsAtOnce = 2_000;
/** Lines that are kept of a file of which many are unusable; the others are only counted. */
const keptLines = 200;

type Reading = { readonly place: SageMakerPlace; readonly model: ServedModel; readonly arrival: Arrival };

/**
 * Puts what a file holds on the stream, as predictions and outcomes of the model that its place names; lines that are
 * unusable go to the failure store, as does a file whose place or model nobody knows. The same file again changes
 * nothing, because predictions and outcomes are known by their ids. Throws `DependencyUnavailable`.
 */
export async function importSageMakerFile(dependencies: Dependencies, file: DroppedFile): Promise<Imported> {
  try {
    const reading = await startReading(dependencies.directory, file);
    return await readLines(dependencies, file, reading);
  } catch (error) {
    if (!isRunwayError(error) || error.name === 'DependencyUnavailable') throw error;
    await putFileAside(dependencies.failures, file, error);
    return { accepted: 0, rejected: 1 };
  }
}

async function startReading(directory: ModelDirectory, { key, arrivedAt }: DroppedFile): Promise<Reading> {
  const place = sageMakerPlace(key);
  if (place === undefined)
    throw new RunwayError(
      'MalformedRecord',
      'unknown-place',
      `got ${key}, expected sagemaker/<model>/<version>/<endpoint>/<variant>/… or sagemaker/<model>/ground-truth/…`,
    );
  const model = await directory.find(place.modelId, place.kind === 'capture' ? [place.modelVersion] : []);
  if (model === undefined) throw new RunwayError('NotFound', 'unknown-model', `no model ${place.modelId}`);
  return { place, model, arrival: arrivalAt(arrivedAt, longestWindowMinutes(model)) };
}

async function readLines(dependencies: Dependencies, file: DroppedFile, reading: Reading): Promise<Imported> {
  const { model } = reading;
  const rejected: (RejectedLine & { readonly text: string })[] = [];
  let [index, accepted, refused] = [-1, 0, 0];
  let held: PackedEvent[] = [];
  const publish = async () => {
    const events = held.map((event) => ({ model, event }));
    held = [];
    await publishEvents(dependencies, writer, events);
    accepted += events.length;
  };
  for await (const text of dependencies.files.lines(file.key)) {
    index += 1;
    if (text.trim() === '') continue;
    const { events, problems } = eventsOfLine(text, reading);
    held.push(...events);
    if (problems.length > 0) {
      refused += 1;
      if (rejected.length < keptLines) rejected.push({ index, problems, text });
    }
    if (held.length >= eventsAtOnce) await publish();
  }
  await publish();
  if (rejected.length > 0) await putLinesAside(dependencies.failures, file, rejected, refused);
  return { accepted, rejected: refused };
}

type LineEvents = { readonly events: readonly PackedEvent[]; readonly problems: RejectedLine['problems'] };

function eventsOfLine(text: string, { place, model, arrival }: Reading): LineEvents {
  const line = parse(text);
  if (!line.ok) return { events: [], problems: [{ field: '', code: line.code, reason: line.reason }] };
  const found = recordsOf(line.value, place, model, arrival);
  if (!found.ok) return { events: [], problems: found.problems };
  const kind = place.kind === 'capture' ? 'prediction' : 'outcome';
  const checked = found.records.map((record) => validateEvent({ kind, record }, model, arrival));
  return {
    events: checked.flatMap((result) => (result.ok ? [result.record] : [])),
    problems: checked.flatMap((result) => (result.ok ? [] : result.problems)),
  };
}

function recordsOf(line: unknown, place: SageMakerPlace, model: ServedModel, { now }: Arrival): SageMakerRecords {
  const { modelId, sagemaker: mapping = {} } = model;
  if (place.kind === 'ground-truth') return labelledOutcomes(line, modelId, collectedAt(place.hour, now));
  const { modelVersion } = place;
  const features = model.versions.get(modelVersion)?.features ?? [];
  return capturedPredictions(line, { modelId, modelVersion, features, mapping });
}

async function putFileAside(failures: FailureStore, { key, arrivedAt }: DroppedFile, error: RunwayError) {
  const cause = { code: error.code, reason: error.message };
  await failures.put({ source, id: key, failedAt: arrivedAt, cause, partitionKey: key, data: new Uint8Array() });
}

async function putLinesAside(
  failures: FailureStore,
  { key, arrivedAt }: DroppedFile,
  rejected: readonly (RejectedLine & { readonly text: string })[],
  refused: number,
): Promise<void> {
  await failures.put({
    source,
    id: key,
    failedAt: arrivedAt,
    cause: {
      code: 'invalid-lines',
      reason: `${refused} of its lines are unusable; the first ${rejected.length} follow`,
    },
    partitionKey: key,
    data: Buffer.from(rejected.map(({ text }) => text).join('\n')),
    lines: rejected.map(({ index, problems }) => ({ index, problems })),
  });
}
