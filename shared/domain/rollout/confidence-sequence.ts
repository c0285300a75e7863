export type SequenceTerms = {
  /** Chance that the bound on one side ever misses, at whatever moments one looks. */
  readonly significance: number;
  /** The effect, as a ratio, that the sequence is to tell from none; the bound is narrowest where it can. */
  readonly margin: number;
};

/** What the data say by now; `freedom` is that of the variance behind the standard error. */
export type Estimate = { readonly estimate: number; readonly standardError: number; readonly freedom: number };

/**
 * Half-width of a one-sided asymptotic confidence sequence at this moment; `Infinity` while the variance rests on too few
 * blocks for any bound. With r the mixture's variance over the estimate's and q = 1 + √(1 + r) / 2α, it is the standard
 * error times √((1 + 1/r) · 2 ln q) (Robbins 1970; Howard et al. 2021, "Time-uniform, nonparametric, nonasymptotic
 * confidence sequences"; Waudby-Smith et al. 2024, "Time-uniform central limit theory and asymptotic confidence
 * sequences", Annals of Statistics 52, one-sided form). Few blocks have heavy tails: the normal likelihood ratio is
 * replaced by that of Student's t under the same mixture, (1 + t²/ν) / (1 + t²/ν(1 + r)) to the power (ν + 1)/2 (Lai 1976;
 * Wang & Ramdas 2024, "Anytime-valid t-tests and confidence sequences for Gaussian means with unknown variance"), which
 * tends to the former as ν grows. The narrower of two such bounds holds, the level being divided between them: one for
 * effects about the margin, one that sees a gross effect long before.
 */
export function sequenceHalfWidth(
  { standardError, freedom }: Omit<Estimate, 'estimate'>,
  terms: SequenceTerms,
): number {
  if (standardError === 0) return 0;
  const fine = terms.significance * (1 - grossShare);
  const gross = terms.significance * grossShare;
  const fineRatio = (mixtureDeviation(fine, terms.margin) / standardError) ** 2;
  // A gross effect is as large as a block's standard deviation; among many rows it is ten times the margin.
  const grossRatio = Number.isFinite(freedom)
    ? Math.max(0, freedom + 1)
    : (mixtureDeviation(gross, 10 * terms.margin) / standardError) ** 2;
  return standardError * Math.min(boundOf(fineRatio, fine, freedom), boundOf(grossRatio, gross, freedom));
}

/**
 * By how much the sample must grow until a candidate without effect would be told from one at the margin, as likely as
 * not: until the half-width is the margin. The standard error shrinks with the root of the sample.
 */
export function sampleFactor(standardError: number, { significance, margin }: SequenceTerms): number {
  return (standardError / plannedError(significance * (1 - grossShare), margin)) ** 2;
}

// Of the level: gross effects need little, being many standard errors wide.
const grossShare = 0.1;

/**
 * The mixture puts a normal prior on the effect. Its deviation makes the bound narrowest at the sample it plans for: the
 * one at which half-width and margin are equal, since there the step is decided. No forecast of the traffic is needed.
 */
function mixtureDeviation(significance: number, margin: number): number {
  return Math.sqrt(narrowestAt(significance)) * plannedError(significance, margin);
}

/** Standard error at which half-width and margin are equal. */
function plannedError(significance: number, margin: number): number {
  return margin / boundOf(narrowestAt(significance), significance, Number.POSITIVE_INFINITY);
}

/** r at which the bound is narrowest, -2 ln a + ln(1 - 2 ln a) with a = 2α for one side (Waudby-Smith et al. 2024). */
function narrowestAt(significance: number): number {
  const evidence = -2 * Math.log(2 * significance);
  return evidence + Math.log1p(evidence);
}

/** In standard errors. */
function boundOf(r: number, significance: number, freedom: number): number {
  const logThreshold = Math.log1p(Math.sqrt(1 + r) / (2 * significance));
  if (freedom === Number.POSITIVE_INFINITY) return Math.sqrt((1 + 1 / r) * 2 * logThreshold);
  if (freedom <= 0) return Number.POSITIVE_INFINITY;
  const excess = Math.expm1((2 * logThreshold) / (freedom + 1));
  const left = 1 - (1 + excess) / (1 + r);
  return left <= 0 ? Number.POSITIVE_INFINITY : Math.sqrt((freedom * excess) / left);
}
