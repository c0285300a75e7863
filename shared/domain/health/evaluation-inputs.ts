import { canonicalJson } from '../canonical-json.ts';
import type { Baseline } from './baseline.ts';
import { buildEvaluation, type EvaluationFacts } from './build-evaluation.ts';
import type { Evaluation } from './evaluation.ts';

/** All facts of an evaluation but the baseline, which never changes and is found under model and version. */
export type EvaluationInputs = Omit<EvaluationFacts, 'baseline'> & {
  /** Whether there was a baseline at that time; one may be registered later. */
  readonly hadBaseline: boolean;
};

export type RecordedEvaluation = { readonly evaluation: Evaluation; readonly inputs: EvaluationInputs };

export type Replay = {
  readonly evaluationId: string;
  /** Made again from the recorded inputs it is the same to the last bit. */
  readonly isIdentical: boolean;
  /** Top-level fields that came out differently, by name; only after a change of how verdicts are made. */
  readonly differences: readonly string[];
  readonly replayed: Evaluation;
};

export function inputsOf({ baseline, ...facts }: EvaluationFacts): EvaluationInputs {
  return { ...facts, hadBaseline: baseline !== undefined };
}

export function factsOf({ hadBaseline, ...facts }: EvaluationInputs, baseline: Baseline | undefined): EvaluationFacts {
  return { ...facts, baseline: hadBaseline ? baseline : undefined };
}

/** Makes a recorded evaluation again from its inputs. */
export function replay({ evaluation, inputs }: RecordedEvaluation, baseline: Baseline | undefined): Replay {
  const replayed = buildEvaluation(factsOf(inputs, baseline));
  const names = new Set([...Object.keys(evaluation), ...Object.keys(replayed)]) as Set<keyof Evaluation>;
  const differences = [...names].filter(
    (name) => canonicalJson(evaluation[name] ?? null) !== canonicalJson(replayed[name] ?? null),
  );
  return { evaluationId: evaluation.evaluationId, isIdentical: differences.length === 0, differences, replayed };
}
