import type { FieldProblem } from '../../domain/errors.ts';
import { expectSomeAccepted, type RejectedItem, rejectItem } from '../../domain/ground-truth/batch-items.ts';
import { joinOutcome } from '../../domain/ground-truth/join-input.ts';
import type { Outcome } from '../../domain/ground-truth/records.ts';
import { type Truth, truthOf } from '../../domain/ground-truth/segment.ts';
import { truthChange } from '../../domain/ground-truth/truth-change.ts';
import { isSameAim } from '../../domain/ground-truth/truths.ts';
import { latenessProblems, validateOutcome } from '../../domain/ground-truth/validate-record.ts';
import type { EventCounter } from '../../ports/event-counter.ts';
import type { JoinBuffer } from '../../ports/join-buffer.ts';
import type { ModelDirectory } from '../../ports/model-directory.ts';
import { checkItems, type GoodItem, type Submission } from './check-items.ts';
import type { Ingested } from './ingest-predictions.ts';
import { knownTruths } from './known-truths.ts';
import { type Publishing, publishEvents } from './publish-events.ts';
import { expectSubmissionAllowance } from './writer-allowance.ts';

type Dependencies = Publishing & {
  readonly directory: ModelDirectory;
  readonly buffer: Pick<JoinBuffer, 'segments'>;
  /** @default the caller may send any number: it is Runway itself */
  readonly counter?: EventCounter;
};

/**
 * Accepted ones are on the stream when it resolves. An outcome that says what the caller said already (`duplicate-outcome`) or
 * contradicts it without being newer (`conflicting-outcome`) is told so; one still on its way to the join is not seen
 * here and counted there. Throws when none is acceptable, see `expectSomeAccepted`, and
 * `RateLimited` when the caller sends too many.
 */
export async function ingestOutcomes(dependencies: Dependencies, submission: Submission): Promise<Ingested> {
  const { directory, buffer, counter } = dependencies;
  await expectSubmissionAllowance(counter, submission);
  const checked = await checkItems('outcomes', directory, submission, (item, model, arrival) => {
    const result = validateOutcome(item, model, arrival);
    const late = result.ok ? latenessProblems(result.record, model, arrival) : [];
    return late.length === 0 ? result : { ok: false, problems: late };
  });
  const known = await knownTruths(buffer, checked.good, submission);
  const { fresh, repeated } = withoutRepetitions(checked.good, known);
  const rejected = [...checked.rejected, ...repeated].sort((a, b) => a.index - b.index);
  expectSomeAccepted('outcomes', submission.items.length, rejected);
  await publishEvents(
    dependencies,
    submission.writer,
    fresh.map(({ model, record }) => ({ model, event: { kind: 'outcome', record } })),
  );
  return { accepted: fresh.length, rejected };
}

function withoutRepetitions(items: readonly GoodItem<Outcome>[], known: readonly (readonly Truth[])[]) {
  const fresh: GoodItem<Outcome>[] = [];
  const repeated: RejectedItem[] = [];
  const acceptedById = new Map<string, Truth[]>();
  for (const [i, item] of items.entries()) {
    const id = `${item.model.modelId} ${item.record.predictionId}`;
    const accepted = acceptedById.get(id) ?? [];
    const [primary] = item.model.outcomeTypes;
    const source = { writer: '', now: 0, primaryType: primary?.name ?? '' };
    const truth = truthOf(joinOutcome(item.record), source);
    const problem = repetition(truth, [...(known[i] ?? []), ...accepted.filter((held) => isSameAim(held, truth))]);
    if (problem !== undefined) repeated.push(...rejectItem('outcomes', item.index, [problem]));
    else {
      fresh.push(item);
      acceptedById.set(id, [...accepted, truth]);
    }
  }
  return { fresh, repeated };
}

function repetition(next: Truth, held: readonly Truth[]): FieldProblem | undefined {
  const changes = held.map((truth) => truthChange(truth, next));
  if (changes.includes('conflict') || changes.includes('superseded')) {
    const reason = 'another outcome, observed then or later, says otherwise';
    return { field: '/label', code: 'conflicting-outcome', reason };
  }
  if (!changes.includes('duplicate')) return undefined;
  return { field: '/predictionId', code: 'duplicate-outcome', reason: 'an outcome that says the same is known' };
}
