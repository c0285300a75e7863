import type { Limits } from '../severity.ts';

/** Limits of one figure without a noise floor, and how far beyond the noise it may go when there is one. */
type JudgedAgainstNoise = { readonly alone: Limits; readonly beyondNoise: Limits };

export type EmbeddingLimits = {
  readonly neighbourOverlap: JudgedAgainstNoise;
  readonly alignedResidual: JudgedAgainstNoise;
  readonly alignedCosineQ05: JudgedAgainstNoise;
  readonly misplacedIdsRatio: JudgedAgainstNoise;
  readonly effectiveRankRatio: Limits;
  readonly spreadRatio: Limits;
  readonly spoiledVectorsRatio: Limits;
  readonly idCoverageRatio: Limits;
  readonly rawCosineQ05: Limits;
  readonly centroidShiftOverSpread: Limits;
  /** Factor by which lengths may grow or shrink. */
  readonly lengthFactor: Limits;
  /** Square root of the unbiased maximum mean discrepancy. */
  readonly discrepancy: Limits;
};

/** What they rest on stands in docs/adr/0019-two-embedding-verdicts.md. */
export const defaultEmbeddingLimits: EmbeddingLimits = {
  neighbourOverlap: { alone: { warning: 0.5, breach: 0.4 }, beyondNoise: { warning: 0.05, breach: 0.1 } },
  alignedResidual: { alone: { warning: 0.5, breach: 0.6 }, beyondNoise: { warning: 0.05, breach: 0.1 } },
  alignedCosineQ05: { alone: { warning: 0.6, breach: 0.4 }, beyondNoise: { warning: 0.1, breach: 0.2 } },
  misplacedIdsRatio: { alone: { warning: 0.01, breach: 0.02 }, beyondNoise: { warning: 0.01, breach: 0.02 } },
  effectiveRankRatio: { warning: 0.9, breach: 0.75 },
  spreadRatio: { warning: 0.7, breach: 0.5 },
  spoiledVectorsRatio: { warning: 0.001, breach: 0.01 },
  idCoverageRatio: { warning: 0.5, breach: 0 },
  rawCosineQ05: { warning: 0.9, breach: 0.8 },
  centroidShiftOverSpread: { warning: 0.1, breach: 0.25 },
  lengthFactor: { warning: 1.1, breach: 1.25 },
  discrepancy: { warning: 0.1, breach: 0.2 },
};
