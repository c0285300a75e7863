import type { FieldProblem } from '../../domain/errors.ts';
import type { Arrival } from '../../domain/ground-truth/attribution-window.ts';
import { expectSomeAccepted, type RejectedItem, rejectItem } from '../../domain/ground-truth/batch-items.ts';
import { joinOutcome } from '../../domain/ground-truth/join-input.ts';
import { property } from '../../domain/ground-truth/named-ids.ts';
import type { Outcome, PackedEvent } from '../../domain/ground-truth/records.ts';
import { type Truth, truthOf } from '../../domain/ground-truth/segment.ts';
import type { ServedModel } from '../../domain/ground-truth/served-model.ts';
import { truthChange } from '../../domain/ground-truth/truth-change.ts';
import { isSameAim } from '../../domain/ground-truth/truths.ts';
import {
  latenessProblems,
  type Validated,
  validateBusinessMetric,
  validateOutcome,
} from '../../domain/ground-truth/validate-record.ts';
import type { EventCounter } from '../../ports/event-counter.ts';
import type { JoinBuffer } from '../../ports/join-buffer.ts';
import type { ModelDirectory } from '../../ports/model-directory.ts';
import { checkItems, type GoodItem, type Submission } from './check-items.ts';
import type { Ingested } from './ingest-predictions.ts';
import { knownTruths } from './known-truths.ts';
import { type Publishing, publishEvents } from './publish-events.ts';
import { expectSubmissionAllowance } from './writer-allowance.ts';

type Item = Exclude<PackedEvent, { kind: 'prediction' }>;

type Dependencies = Publishing & {
  readonly directory: ModelDirectory;
  readonly buffer: Pick<JoinBuffer, 'segments'>;
  /** @default the caller may send any number: it is Runway itself */
  readonly counter?: EventCounter;
};

/**
 * Accepted ones are on the stream when it resolves, values of units as outcomes of predictions. An outcome that says what the caller said already (`duplicate-outcome`) or
 * contradicts it without being newer (`conflicting-outcome`) is told so; one still on its way to the join is not seen
 * here and counted there. Throws when none is acceptable, see `expectSomeAccepted`, and
 * `RateLimited` when the caller sends too many.
 */
export async function ingestOutcomes(dependencies: Dependencies, submission: Submission): Promise<Ingested> {
  const { directory, buffer, counter } = dependencies;
  await expectSubmissionAllowance(counter, submission);
  const checked = await checkItems('outcomes', directory, submission, validateItem);
  const outcomes = checked.good.flatMap(({ record: { kind, record }, ...item }) =>
    kind === 'outcome' ? [{ ...item, record }] : [],
  );
  const ofUnits = checked.good.flatMap(({ record: event, model }) =>
    event.kind === 'business-metric' ? [{ model, event }] : [],
  );
  const known = await knownTruths(buffer, outcomes, submission);
  const { fresh, repeated } = withoutRepetitions(outcomes, known);
  const rejected = [...checked.rejected, ...repeated].sort((a, b) => a.index - b.index);
  expectSomeAccepted('outcomes', submission.items.length, rejected);
  const ofPredictions = fresh.map(({ model, record }) => ({ model, event: { kind: 'outcome' as const, record } }));
  await publishEvents(dependencies, submission.writer, [...ofPredictions, ...ofUnits]);
  return { accepted: ofPredictions.length + ofUnits.length, rejected };
}

/** What names a unit is a value of that; whether its version exists is known to the join. */
function validateItem(item: unknown, model: ServedModel, arrival: Arrival): Validated<Item> {
  if (property(item, 'unitId') !== undefined) {
    const result = validateBusinessMetric(item, model, arrival);
    return result.ok ? { ok: true, record: { kind: 'business-metric', record: result.record } } : result;
  }
  const result = validateOutcome(item, model, arrival);
  if (!result.ok) return result;
  const late = latenessProblems(result.record, model, arrival);
  if (late.length > 0) return { ok: false, problems: late };
  return { ok: true, record: { kind: 'outcome', record: result.record } };
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
