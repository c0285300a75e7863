import type { Improvement } from './paired-improvement.ts';
import type { Commit, Evaluation, Retrain, Rollout } from './runway-views.ts';

/** One line of the timeline, and what goes below it. */
export type Entry = {
  readonly at: string;
  readonly model: string;
  readonly verb:
    | 'model'
    | 'found'
    | 'recovered'
    | 'decided'
    | 'planned'
    | 'cascade'
    | 'trained'
    | 'validated'
    | 'canary'
    | 'promoted'
    | 'refused'
    | 'rolled back'
    | 'measured'
    | 'truth'
    | 'failed';
  readonly text: string;
  readonly below?: readonly string[];
};

const signalLabels: Readonly<Record<string, string>> = {
  age: 'age',
  dataDrift: 'data drift',
  predictionDrift: 'prediction drift',
  performance: 'performance',
};

/** What an evaluation found that the one before it had not; nothing while it finds the same. */
export function findingEntry(model: string, evaluation: Evaluation, before: Evaluation | undefined): Entry | undefined {
  const [now, then] = [evaluation.causes, before?.causes ?? []];
  if (now.toSorted().join() === then.toSorted().join()) return undefined;
  if (now.length === 0) {
    // A new champion starts without a verdict; that is no recovery.
    if (evaluation.verdict !== 'healthy') return undefined;
    const text = `version ${evaluation.version} is healthy again`;
    return { at: evaluation.evaluatedAt, model, verb: 'recovered', text, below: [evaluation.summary] };
  }
  const breaches = evaluation.signals.filter(({ name }) => now.includes(name));
  const below = breaches.map(({ name, reason }) => `${signalLabels[name] ?? name}: ${reason}`);
  const what = now.map((cause) => signalLabels[cause] ?? cause).join(' and ');
  return {
    at: evaluation.evaluatedAt,
    model,
    verb: 'found',
    text: `version ${evaluation.version} at risk by ${what}`,
    below,
  };
}

/** What a commit to the model's stream says by itself. */
export function commitEntries(model: string, commit: Commit): readonly Entry[] {
  const at = commit.occurredAt;
  return commit.events.flatMap((event): readonly Entry[] => {
    if (event.type === 'ModelRegistered') return [{ at, model, verb: 'model', text: 'registered' }];
    if (event.type === 'ChampionDeployed')
      return [{ at, model, verb: 'model', text: `version ${String(event.version)} deployed` }];
    return [];
  });
}

/** Why a retrain was decided, in the words of its triggers. */
export function decisionEntry(model: string, retrain: Retrain): Entry {
  const causes = retrain.triggers.map(({ cause }) => cause).join(' and ');
  const below = retrain.triggers.map(({ cause, reason }) => `${cause}: ${reason}`);
  return { at: retrain.requestedAt, model, verb: 'decided', text: `retrain ${retrain.retrainId} by ${causes}`, below };
}

/** Everything that is known of a rollout so far, in order of time. */
export function rolloutEntries(model: string, rollout: Rollout): readonly Entry[] {
  const { candidate, champion, validation, loadability, judgements, status } = rollout;
  const against = `candidate ${candidate} against champion ${champion}`;
  const entries: Entry[] = [];
  if (loadability !== undefined && loadability.verdict !== 'pass')
    entries.push({
      at: loadability.checkedAt,
      model,
      verb: 'validated',
      text: `${against}: not loadable`,
      below: [loadability.reason],
    });
  if (validation !== undefined)
    entries.push({
      at: validation.judgedAt,
      model,
      verb: 'validated',
      text: `${against}: ${validation.verdict}`,
      below: [validation.reason],
    });
  for (const { percent, judgedAt, verdict, reason } of judgements)
    entries.push({
      at: judgedAt,
      model,
      verb: 'canary',
      text: `${percent} % on version ${candidate}: ${verdict}`,
      below: [reason],
    });
  const end = rollout.endedAt ?? '';
  if (status === 'promoted')
    entries.push({
      at: end,
      model,
      verb: 'promoted',
      text: `version ${candidate} is the champion, version ${champion} withdrawn`,
    });
  if (status === 'refused')
    entries.push({ at: end, model, verb: 'refused', text: `candidate ${candidate}, champion ${champion} stays` });
  if (status === 'rolled-back' || status === 'aborted')
    entries.push({
      at: end,
      model,
      verb: 'rolled back',
      text: `candidate ${candidate}, champion ${champion} serves everything again`,
      below: [rollout.reason ?? ''],
    });
  return entries;
}

/** Withdrawn against new version on the same flights since the promotion. */
export function improvementEntry(model: string, rollout: Rollout, at: string, improvement: Improvement): Entry {
  const { candidate, champion } = rollout;
  return {
    at,
    model,
    verb: 'measured',
    text: `version ${candidate} against withdrawn version ${champion} on the same flights: ${describeImprovement(improvement)}`,
  };
}

export function describeImprovement({ relativeDifference, interval, flights, days }: Improvement): string {
  const between =
    interval === undefined
      ? 'no interval below 3 days'
      : `95 % interval ${percent(interval[0])} to ${percent(interval[1])} by day blocks`;
  return `log loss ${percent(relativeDifference)} (${between}, ${flights.toLocaleString('en-US')} flights, ${days} days)`;
}

function percent(ratio: number): string {
  return `${ratio < 0 ? '−' : '+'}${Math.abs(ratio * 100).toFixed(1)} %`;
}
