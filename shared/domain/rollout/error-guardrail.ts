import { logBayesFactor } from './sample-ratio.ts';

/** Requests of one arm in the running step, and those of them that ended in an error. */
export type ErrorCounts = { readonly requests: number; readonly errors: number };
export type ErrorEvidence = {
  readonly champion: ErrorCounts;
  readonly candidate: ErrorCounts;
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly reason: string;
};

// A guardrail is to catch a version that breaks, not to compare two that work.
const toleratedIncrease = 0.005;

/**
 * Fails a candidate whose requests end in an error more often: by more than half a percentage point, and on evidence that
 * is valid at every moment one looks. Of the errors of both arms, the candidate's share is that of its requests if it is
 * no worse; the evidence against that is a Bayes factor (Lindon, Sanden, Shirikian 2022, "Rapid regression detection in
 * software deployments through sequential testing"). It fails at once where all requests fail, and never holds a step.
 */
export function errorGuardrail(champion: ErrorCounts, candidate: ErrorCounts, significance: number): ErrorEvidence {
  const arms = { champion, candidate };
  if (champion.requests === 0 || candidate.requests === 0)
    return { ...arms, verdict: 'inconclusive', reason: 'errors: an arm has no requests' };
  const [before, after] = [champion.errors / champion.requests, candidate.errors / candidate.requests];
  const share = candidate.requests / (champion.requests + candidate.requests);
  const evidence = logBayesFactor(candidate.errors, champion.errors, share);
  const isWorse = after - before > toleratedIncrease && evidence > -Math.log(significance);
  const reason = `errors ${percentOf(before)} of the champion's requests, ${percentOf(after)} of the candidate's`;
  return { ...arms, verdict: isWorse ? 'fail' : 'pass', reason };
}

function percentOf(ratio: number): string {
  return `${(100 * ratio).toFixed(2)} %`;
}
