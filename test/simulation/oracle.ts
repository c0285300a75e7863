import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import type { ModelState } from '../../shared/domain/registry/model.ts';
import type { RetrainState, TrainingCompletion } from '../../shared/domain/retraining/retrain.ts';
import type { RetrainEvent } from '../../shared/domain/retraining/retrain-events.ts';
import type { RetrainingSlots } from '../../shared/domain/retraining/slots.ts';
import { minuteMillis, toMillis } from '../../shared/domain/time.ts';
import type { NewCommit } from '../../shared/ports/event-store.ts';
import type { SimulatedRun } from './simulated-orchestrator.ts';

export type Limits = { readonly overall: number; readonly perTeam: number };

/** A history in which something must never have happened. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

type Trained = {
  readonly trainings: ReadonlyMap<string, number>;
  readonly forgotten: ReadonlyMap<string, number>;
  readonly runs: ReadonlyMap<string, SimulatedRun>;
};

const failuresOfTrainings = /^(no data|train of pipelines failed|the trainer did not answer in time)/;
/** A trainer reports within this time of its end. */
const reportMillis = 15 * minuteMillis;

const endings: readonly string[] = ['RetrainSucceeded', 'RetrainFailed', 'RetrainCancelled'];

/** What becomes of a run that is left behind is recorded after the end. */
function endOf({ run: _, runEnd: __, askedAt: ___, ...retrain }: RetrainState): string {
  return canonicalJson(retrain);
}

/** Watches every append and, at the end, what became of each request. It knows the laws and nothing of how they are kept. */
export function createOracle(limits: Limits) {
  const retrains = new Map<string, RetrainState>();
  const models = new Map<string, ModelState>();
  const ends = new Map<string, number>();
  const acknowledged = new Set<string>();
  let slots: RetrainingSlots = { active: [] };

  function expect(holds: boolean, problem: () => string): void {
    if (!holds) throw new Violation(problem());
  }

  function checkNow(): void {
    const open = [...retrains.values()].filter(({ endedAt }) => endedAt === undefined);
    const running = open.filter(({ status }) => status === 'running');
    const ids = running.map(({ retrainId }) => retrainId).toSorted();
    expect(ids.join() === slots.active.toSorted().join(), () => `${ids} run, ${slots.active} hold slots`);
    expect(running.length <= limits.overall, () => `${running.length} run, the limit is ${limits.overall}`);
    for (const [team, ofTeam] of Map.groupBy(running, (retrain) => retrain.team))
      expect(ofTeam.length <= limits.perTeam, () => `${ofTeam.length} of ${team} run, the limit is ${limits.perTeam}`);
    for (const [modelId, ofModel] of Map.groupBy(open, (retrain) => retrain.modelId)) {
      expect(ofModel.length === 1, () => `${ofModel.length} retrains of ${modelId} are open`);
      const { openRetrain } = models.get(modelId)!;
      expect(openRetrain?.retrainId === ofModel[0]!.retrainId, () => `${modelId} knows of ${openRetrain?.retrainId}`);
    }
  }

  /** It failed because its training did, and not because of whatever happened around it. */
  function checkFailure({ retrainId, failure, endedAt = '' }: RetrainState, run: SimulatedRun | undefined): void {
    if (failure === undefined) return;
    expect(failuresOfTrainings.test(failure), () => `${retrainId} failed by ${failure}`);
    const isLost = run?.state === 'succeeded' && toMillis(endedAt) - toMillis(run.endedAt ?? endedAt) > reportMillis;
    expect(!isLost, () => `${retrainId} failed at ${endedAt} by ${failure}, and was trained at ${run?.endedAt}`);
  }

  return {
    retrains,
    acknowledge: (retrainId: string) => acknowledged.add(retrainId),
    acknowledged,
    isQuiet: () => [...retrains.values()].every(({ endedAt }) => endedAt !== undefined),
    saw(commits: readonly NewCommit[]): void {
      for (const { streamId, state, events } of commits) {
        if (streamId.startsWith('model#')) models.set(streamId.slice(6), state as ModelState);
        if (streamId === 'retraining-slots') slots = state as RetrainingSlots;
        if (!streamId.startsWith('retrain#')) continue;
        const { retrainId } = state as RetrainState;
        const before = retrains.get(retrainId);
        const isAsBefore = before?.endedAt === undefined || endOf(before) === endOf(state as RetrainState);
        expect(isAsBefore, () => `${retrainId} changed after its end`);
        retrains.set(retrainId, state as RetrainState);
        const ended = (events as readonly RetrainEvent[]).filter(({ type }) => endings.includes(type)).length;
        ends.set(retrainId, (ends.get(retrainId) ?? 0) + ended);
      }
      checkNow();
    },
    /** A report was turned down although the retrain waits for it; that a training failed may be known already. */
    refused(runId: string, { status }: TrainingCompletion, reason: string): void {
      const retrain = retrains.get(runId.replace(/-a1$/, ''));
      const isKnown = status === 'failed' && retrain?.completion?.status === 'failed';
      expect(
        isKnown || retrain?.endedAt !== undefined,
        () => `the report of ${runId} was refused while it is ${retrain?.status}: ${reason}`,
      );
    },
    checkEnd({ trainings, forgotten, runs }: Trained): void {
      for (const [runId, count] of trainings) {
        expect(retrains.has(runId.replace(/-a1$/, '')), () => `nobody asked for the training ${runId}`);
        expect(count <= 1 + (forgotten.get(runId) ?? 0), () => `${runId} was trained ${count} times`);
      }
      for (const retrainId of acknowledged)
        expect(retrains.get(retrainId)?.endedAt !== undefined, () => `${retrainId} was acknowledged and never ended`);
      for (const { retrainId, status } of retrains.values())
        expect(ends.get(retrainId) === 1, () => `${retrainId} is ${status} and ended ${ends.get(retrainId)} times`);
      for (const retrain of retrains.values()) checkFailure(retrain, runs.get(retrain.runId));
      for (const [modelId, { openRetrain }] of models)
        expect(openRetrain === undefined, () => `${modelId} still has ${openRetrain?.retrainId} open`);
      expect(slots.active.length === 0, () => `${slots.active} still hold slots`);
    },
  };
}
