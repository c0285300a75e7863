/** Rows of both arms in one step, and whether their ratio is that of the routing table. */
export type SampleRatio = {
  readonly champion: number;
  readonly candidate: number;
  /** Of the candidate, by the routing table, 0..1. */
  readonly expectedRatio: number;
  /** Times by which the rows are likelier under some other ratio than under the expected one, as a logarithm (nats). */
  readonly logEvidence: number;
  readonly verdict: 'match' | 'mismatch';
};

export type ArmCounts = { readonly champion: number; readonly candidate: number };

/**
 * Whether the arms got the rows that the routing table gives them; valid at every moment one looks (Lindon & Malek 2022,
 * "Anytime-valid inference for multinomial count data"). The evidence is the Bayes factor of a beta prior around the
 * expected ratio against that ratio; by Ville's inequality it ever exceeds 1 / α with a chance of at most α. It holds for
 * rows that are assigned one by one; where a user is assigned as a whole, users are to be counted.
 */
export function sampleRatio(
  { champion, candidate }: ArmCounts,
  expectedRatio: number,
  significance: number,
): SampleRatio {
  const logEvidence = logBayesFactor(candidate, champion, expectedRatio);
  const verdict = logEvidence > -Math.log(significance) ? 'mismatch' : 'match';
  return { champion, candidate, expectedRatio, logEvidence, verdict };
}

// A prior worth a hundred rows: it expects deviations of the size that chance gives a hundred rows, and is best at
// finding those that matter. A uniform one would wait longer.
const priorRows = 100;

/** Of `hits` and `misses` under a beta-binomial against a binomial of `ratio`; the coefficients cancel. */
export function logBayesFactor(hits: number, misses: number, ratio: number): number {
  if (hits + misses === 0) return 0;
  const [a, b] = [priorRows * ratio, priorRows * (1 - ratio)];
  const marginal = logBeta(a + hits, b + misses) - logBeta(a, b);
  return marginal - hits * Math.log(ratio) - misses * Math.log1p(-ratio);
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** ln Γ(x) for x > 0 by Stirling's series, moved to where it is exact to 1e-14 (Abramowitz & Stegun 1964, 6.1.41). */
function logGamma(x: number): number {
  let [at, moved] = [x, 0];
  for (; at < 15; at += 1) moved += Math.log(at);
  const square = 1 / at ** 2;
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1_260 - square / 1_680))) / at;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - moved;
}
