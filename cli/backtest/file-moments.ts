import { packJson, unpackJson } from '../../shared/domain/ground-truth/packed-json.ts';
import type { RecordedMoment } from '../../shared/domain/health/backtest/run-policy.ts';
import type { Baseline } from '../../shared/domain/health/baseline.ts';
import { type EvaluationInputs, inputsOf } from '../../shared/domain/health/evaluation-inputs.ts';
import type { Policy } from '../../shared/domain/registry/policy.ts';
import { hourMillis, toInstant } from '../../shared/domain/time.ts';
import { factsFor } from '../../shared/use-cases/health/evaluate-model.ts';
import { maximumMoments } from '../../shared/use-cases/health/run-backtest.ts';
import type { FileHistory } from './file-history.ts';
import { type FileModel, fileModelState } from './file-model.ts';

type PackedMoment = { readonly data: Uint8Array; readonly realized: EvaluationInputs['realized'] };

export type Schedule = {
  /** Milliseconds, ascending. */
  readonly moments: readonly number[];
  /** Every n-th of the moments asked for: no more are judged than the service would. */
  readonly everyNth: number;
};

/** Whole multiples of the interval in UTC, from the first after the history has begun to the first when it has ended. */
export function scheduleOf({ from, to }: Pick<FileHistory, 'from' | 'to'>, intervalHours: number): Schedule {
  const step = intervalHours * hourMillis;
  const first = Math.floor(from / step) + 1;
  const count = Math.ceil(to / step) - first + 1;
  const everyNth = Math.max(1, Math.ceil(count / maximumMoments));
  const moments = Array.from({ length: Math.ceil(count / everyNth) }, (_, i) => (first + i * everyNth) * step);
  return { moments, everyNth };
}

/**
 * What the service would have recorded at these moments under a policy: the facts are gathered by its own code. They are
 * kept packed, as objects they take several times the memory; the hours of performance are shared by all moments.
 */
export async function recordMoments(
  {
    history,
    model,
    baseline,
  }: { readonly history: FileHistory; readonly model: FileModel; readonly baseline: Baseline },
  moments: readonly number[],
  policy: Policy,
  onRecorded: () => void,
): Promise<Iterable<RecordedMoment>> {
  const state = fileModelState(model, policy);
  const versions = { find: async () => ({ features: model.features, baseline }) };
  // Each policy's run brings its own evaluation before.
  const evaluations = { latest: async () => undefined };
  const recorded: PackedMoment[] = [];
  for (const moment of moments) {
    const ports = { metrics: history.metricsAsOf(moment), versions, evaluations };
    const occasion = { evaluatedAt: toInstant(moment), kind: 'scheduled', runningHour: 'closed' } as const;
    const { realized, ...inputs } = inputsOf(await factsFor(ports, state, occasion));
    recorded.push({ data: packJson(inputs), realized });
    onRecorded();
  }
  return {
    *[Symbol.iterator]() {
      for (const moment of recorded) yield { inputs: unpacked(moment), baseline };
    },
  };
}

// Our own bytes, from the lines above.
function unpacked({ data, realized }: PackedMoment): EvaluationInputs {
  return { ...(unpackJson(data) as Omit<EvaluationInputs, 'realized'>), realized };
}
