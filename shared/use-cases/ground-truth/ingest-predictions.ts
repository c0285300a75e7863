import { expectSomeAccepted, type RejectedItem } from '../../domain/ground-truth/batch-items.ts';
import { validatePrediction } from '../../domain/ground-truth/validate-record.ts';
import type { EventCounter } from '../../ports/event-counter.ts';
import type { ModelDirectory } from '../../ports/model-directory.ts';
import { checkItems, type Submission } from './check-items.ts';
import { type Publishing, publishEvents } from './publish-events.ts';
import { expectSubmissionAllowance } from './writer-allowance.ts';

export type Ingested = { readonly accepted: number; readonly rejected: readonly RejectedItem[] };

type Dependencies = Publishing & {
  readonly directory: ModelDirectory;
  /** @default the caller may send any number: it is Runway itself */
  readonly counter?: EventCounter;
};

/**
 * Accepted ones are on the stream when it resolves. Throws when none is acceptable, see `expectSomeAccepted`, and
 * `RateLimited` when the caller sends too many.
 */
export async function ingestPredictions(dependencies: Dependencies, submission: Submission): Promise<Ingested> {
  await expectSubmissionAllowance(dependencies.counter, submission);
  const { good, rejected } = await checkItems(
    'predictions',
    dependencies.directory,
    submission,
    (item, model, arrival) => validatePrediction(item, model, arrival),
  );
  expectSomeAccepted('predictions', submission.items.length, rejected);
  await publishEvents(
    dependencies,
    submission.writer,
    good.map(({ model, record }) => ({ model, event: { kind: 'prediction', record } })),
  );
  return { accepted: good.length, rejected };
}
