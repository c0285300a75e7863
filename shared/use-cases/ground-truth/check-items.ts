import type { FieldProblem } from '../../domain/errors.ts';
import { type Arrival, arrivalAt } from '../../domain/ground-truth/attribution-window.ts';
import { type BatchName, type RejectedItem, rejectItem } from '../../domain/ground-truth/batch-items.ts';
import { namedIds } from '../../domain/ground-truth/named-ids.ts';
import { longestWindowMinutes, type ServedModel } from '../../domain/ground-truth/served-model.ts';
import type { Validated } from '../../domain/ground-truth/validate-record.ts';
import type { Instant } from '../../domain/time.ts';
import type { ModelDirectory } from '../../ports/model-directory.ts';

/** A batch as it was posted. */
export type Submission = {
  readonly items: readonly unknown[];
  readonly now: Instant;
  /** Who sends it, as `apiWriterOf` names the caller: the join records that with each outcome. */
  readonly writer: string;
  /** Whether the caller may write for a team's models. */
  readonly mayWrite: (team: string) => boolean;
};

export type GoodItem<T> = { readonly index: number; readonly model: ServedModel; readonly record: T };
export type CheckedItems<T> = { readonly good: readonly GoodItem<T>[]; readonly rejected: readonly RejectedItem[] };

type Check<T> = (item: unknown, model: ServedModel, arrival: Arrival) => Validated<T>;

/** With what the stream's envelope adds, a larger item might not fit a record. */
const maximumItemBytes = 90_000;

/** Each item against its own model. Codes beside those of the check: `unknown-model`, `not-authorized`, `too-large`. */
export async function checkItems<T>(
  batch: BatchName,
  directory: ModelDirectory,
  submission: Submission,
  check: Check<T>,
): Promise<CheckedItems<T>> {
  const models = await findModels(directory, submission.items);
  const good: GoodItem<T>[] = [];
  const rejected: RejectedItem[] = [];
  for (const [index, item] of submission.items.entries()) {
    const model = models.get(namedIds(item).modelId ?? '');
    const result = checkItem(item, model, submission, check);
    if (result.ok && model !== undefined) good.push({ index, model, record: result.record });
    else if (!result.ok) rejected.push(...rejectItem(batch, index, result.problems));
  }
  return { good, rejected };
}

async function findModels(directory: ModelDirectory, items: readonly unknown[]) {
  const versionsById = new Map<string, Set<number>>();
  for (const { modelId, versions } of items.map(namedIds)) {
    if (modelId === undefined) continue;
    const wanted = versionsById.get(modelId) ?? new Set();
    for (const version of versions) wanted.add(version);
    versionsById.set(modelId, wanted);
  }
  const models = new Map<string, ServedModel>();
  await Promise.all(
    [...versionsById].map(async ([modelId, versions]) => {
      const model = await directory.find(modelId, [...versions]);
      if (model !== undefined) models.set(modelId, model);
    }),
  );
  return models;
}

function checkItem<T>(
  item: unknown,
  model: ServedModel | undefined,
  { now, mayWrite }: Submission,
  check: Check<T>,
): Validated<T> {
  if (model === undefined) return refused(missingModel(item));
  if (!mayWrite(model.team))
    return refused({ field: '/modelId', code: 'not-authorized', reason: `no role for team ${model.team}` });
  const bytes = Buffer.byteLength(JSON.stringify(item));
  if (bytes > maximumItemBytes)
    return refused({ field: '', code: 'too-large', reason: `${bytes} bytes, at most ${maximumItemBytes}` });
  return check(item, model, arrivalAt(now, longestWindowMinutes(model)));
}

function missingModel(item: unknown): FieldProblem {
  const { modelId } = namedIds(item);
  return modelId === undefined
    ? { field: '/modelId', code: 'missing', reason: 'required; expected the id of a registered model' }
    : { field: '/modelId', code: 'unknown-model', reason: `no model ${JSON.stringify(modelId.slice(0, 80))}` };
}

function refused(problem: FieldProblem): Validated<never> {
  return { ok: false, problems: [problem] };
}
