import { expectSomeAccepted, type RejectedItem } from '../../domain/ground-truth/batch-items.ts';
import { validatePrediction } from '../../domain/ground-truth/validate-record.ts';
import type { ModelDirectory } from '../../ports/model-directory.ts';
import { checkItems, type Submission } from './check-items.ts';
import { type Publishing, publishEvents } from './publish-events.ts';

export type Ingested = { readonly accepted: number; readonly rejected: readonly RejectedItem[] };

type Dependencies = Publishing & { readonly directory: ModelDirectory };

/** Accepted ones are on the stream when it resolves. Throws when none is acceptable, see `expectSomeAccepted`. */
export async function ingestPredictions(dependencies: Dependencies, submission: Submission): Promise<Ingested> {
  const { good, rejected } = await checkItems(
    'predictions',
    dependencies.directory,
    submission,
    (item, model, arrival) => validatePrediction(item, model, arrival),
  );
  expectSomeAccepted('predictions', submission.items.length, rejected);
  await publishEvents(
    dependencies,
    good.map(({ model, record }) => ({ model, event: { kind: 'prediction', record } })),
  );
  return { accepted: good.length, rejected };
}
