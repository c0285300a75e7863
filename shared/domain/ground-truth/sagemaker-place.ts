import { hourMillis, type Instant, toInstant, toMillis } from '../time.ts';

/** What a file is about, read from where it lies. */
export type SageMakerPlace =
  | { readonly kind: 'capture'; readonly modelId: string; readonly modelVersion: number }
  /** `hour`: `2022-02-14T17`, when its labels were collected. */
  | { readonly kind: 'ground-truth'; readonly modelId: string; readonly hour: string | undefined };

const capture = /^sagemaker\/([^/]+)\/(\d{1,7})\/[^/]+\/([^/]+)\/(?:\d{4}\/\d\d\/\d\d\/\d\d\/)?[^/]+\.jsonl$/;
const groundTruth = /^sagemaker\/([^/]+)\/ground-truth\/(?:.+\/)?[^/]+\.jsonl$/;
const hourBeforeFile = /\/(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)\/[^/]+$/;
const versionInVariant = /(?:^|-)version-(\d{1,7})$/;

/**
 * Of the key of an object. An endpoint's data capture has the destination `s3://<bucket>/sagemaker/<modelId>/<version>`,
 * below which SageMaker writes `<endpoint>/<variant>/yyyy/mm/dd/hh/<file>.jsonl`; a variant whose name ends in
 * `version-<number>` is that version, for endpoints with several. Ground truth lies under
 * `sagemaker/<modelId>/ground-truth/yyyy/mm/dd/hh/`. Undefined for any other key.
 */
export function sageMakerPlace(key: string): SageMakerPlace | undefined {
  const [, modelId = '', version, variant = ''] = capture.exec(key) ?? [];
  if (version !== undefined) {
    const named = versionInVariant.exec(variant)?.[1] ?? version;
    return { kind: 'capture', modelId, modelVersion: Number(named) };
  }
  const labelled = groundTruth.exec(key)?.[1];
  if (labelled === undefined) return undefined;
  const [, year, month, day, hour] = hourBeforeFile.exec(key) ?? [];
  const collected = year === undefined ? undefined : `${year}-${month}-${day}T${hour}`;
  return { kind: 'ground-truth', modelId: labelled, hour: collected };
}

/** Labels have no time but the hour they were collected in: its end, or when the file came if that was before. */
export function collectedAt(hour: string | undefined, arrivedAt: Instant): Instant {
  if (hour === undefined) return arrivedAt;
  const start = toMillis(`${hour}:00:00.000Z`);
  return Number.isNaN(start) ? arrivedAt : toInstant(Math.min(start + hourMillis - 1, toMillis(arrivedAt)));
}
