import { canonicalJson } from '../../canonical-json.ts';
import { fnv1a } from '../../ground-truth/fnv1a.ts';
import { type Decision, decideRetraining } from './decide-retraining.ts';
import type { DecisionFacts } from './decision-facts.ts';

/** A complete, immutable record: what was decided, and everything it rests on. */
export type DecisionRecord = {
  readonly decisionId: string;
  readonly facts: DecisionFacts;
  readonly decision: Decision;
};

export type DecisionReplay = {
  readonly decisionId: string;
  /** Made again from the recorded facts it is the same to the last bit. */
  readonly isIdentical: boolean;
  /** Fields that came out differently; only after a change of how decisions are made. */
  readonly differences: readonly string[];
  readonly replayed: Decision;
};

export type DecisionEvent = {
  readonly type: 'RetrainingDecided';
  readonly schemaVersion: 1;
  readonly modelId: string;
  readonly record: DecisionRecord;
};

/** The same facts are the same decision; at one moment a model may be decided twice, after what the first one began. */
function decisionIdOf(facts: DecisionFacts): string {
  const digest = fnv1a(canonicalJson(facts)).toString(16).padStart(8, '0');
  return `${facts.modelId}-d-${facts.decidedAt}-${digest}`;
}

export function recordDecision(facts: DecisionFacts): DecisionRecord {
  return {
    decisionId: decisionIdOf(facts),
    facts,
    decision: decideRetraining(facts),
  };
}

export function replayDecision({ decisionId, facts, decision }: DecisionRecord): DecisionReplay {
  const replayed = decideRetraining(facts);
  const names = new Set([...Object.keys(decision), ...Object.keys(replayed)]) as Set<keyof Decision>;
  const differences = [...names].filter(
    (name) => canonicalJson(decision[name] ?? null) !== canonicalJson(replayed[name] ?? null),
  );
  return { decisionId, isIdentical: differences.length === 0, differences, replayed };
}

/** Whether it says anything that the one before did not: of what stays as it is, the first record is kept. */
export function isNewDecision(before: DecisionRecord | undefined, after: DecisionRecord): boolean {
  return before === undefined || after.decision.action === 'retrain' || gist(before) !== gist(after);
}

function gist({ facts, decision }: DecisionRecord): string {
  const { action, holdKind, matched, besides } = decision;
  const names = matched.map(({ name }) => name);
  // One rule that breaks after another is news, and so is another freeze.
  const reason = holdKind === 'rule-error' || holdKind === 'freeze' ? decision.reason : '';
  return canonicalJson([facts.policyVersion, action, holdKind ?? '', names, besides?.name ?? '', reason]);
}
