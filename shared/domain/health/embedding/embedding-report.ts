import type { EmbeddingVerdict } from './embedding-verdict.ts';
import type { EmbeddingComparison } from './judge-embeddings.ts';

type Undefined = { readonly value: null; readonly reason: string };

/** A comparison as it is printed, stored and served: null where a figure is undefined, and the reason beside it. */
export type EmbeddingReport = {
  readonly n: number;
  readonly relation: EmbeddingComparison['relation'];
  readonly idCoverage: number | null;
  readonly ids: Readonly<Record<'shared' | 'lost' | 'added' | 'duplicates' | 'spoiled', number>>;
  readonly cosineRaw: Readonly<Record<'mean' | 'q01' | 'q05' | 'min', number | null>>;
  readonly procrustes: Readonly<Record<'meanCosine' | 'relativeResidual', number | null>>;
  readonly knnOverlap: { readonly k: number; readonly meanOverlap: number | null };
  readonly ckaLinear: number | null;
  readonly ckaLinearDebiased: number | null;
  readonly centroidShift: Readonly<Record<'euclidean' | 'cosineDistance' | 'overSpread', number | null>>;
  readonly normRatio: number | null;
  readonly spreadRatio: number | null;
  readonly effectiveRank: Readonly<Record<'reference' | 'current', number | null>>;
  readonly mmd: Readonly<Record<'mmd2Unbiased' | 'pValue', number | null>>;
  /** Why a figure is null, by its name. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly verdict: {
    readonly kind: EmbeddingVerdict['kind'];
    readonly reason: string;
    readonly intrinsic: EmbeddingVerdict;
    readonly coordinates: EmbeddingVerdict;
  };
};

export function embeddingReport(comparison: EmbeddingComparison, neighbours = 10): EmbeddingReport {
  const { n, relation, rows, figures, discrepancy, seed, kind, reason, intrinsic, coordinates } = comparison;
  const { shared, lost, added, duplicates, spoiled, coverage } = rows;
  return {
    n,
    relation,
    idCoverage: coverage,
    ids: { shared, lost, added, duplicates, spoiled },
    ...alignmentFigures(figures),
    knnOverlap: { k: neighbours, meanOverlap: figures.neighbourOverlap.value },
    ckaLinear: figures.alignmentLinear.value,
    ckaLinearDebiased: figures.alignmentDebiased.value,
    normRatio: figures.normRatio.value,
    spreadRatio: figures.spreadRatio.value,
    effectiveRank: {
      reference: figures.effectiveRank.reference.value,
      current: figures.effectiveRank.current.value,
    },
    mmd:
      discrepancy.value === null
        ? { mmd2Unbiased: null, pValue: null }
        : { mmd2Unbiased: discrepancy.unbiased, pValue: discrepancy.pValue },
    reasons: reasonsOf(comparison),
    seed,
    verdict: { kind, reason, intrinsic, coordinates },
  };
}

function alignmentFigures({ cosineRaw, procrustes, centroidShift }: EmbeddingComparison['figures']) {
  const none = { mean: null, q01: null, q05: null, min: null };
  const { value: mean } = cosineRaw;
  return {
    cosineRaw: mean === null ? none : { mean, q01: cosineRaw.q01, q05: cosineRaw.q05, min: cosineRaw.minimum },
    procrustes: {
      meanCosine: procrustes.value === null ? null : procrustes.cosine.value,
      relativeResidual: procrustes.value,
    },
    centroidShift:
      centroidShift.value === null
        ? { euclidean: null, cosineDistance: null, overSpread: null }
        : {
            euclidean: centroidShift.value,
            cosineDistance: centroidShift.cosineDistance,
            overSpread: centroidShift.overSpread,
          },
  };
}

function reasonsOf({ figures, discrepancy, relation, rows }: EmbeddingComparison): Readonly<Record<string, string>> {
  const { effectiveRank, neighbourOverlap, alignmentLinear, alignmentDebiased, ...others } = figures;
  const named: Readonly<Record<string, { readonly value: number } | Undefined>> = {
    ...others,
    knnOverlap: neighbourOverlap,
    ckaLinear: alignmentLinear,
    ckaLinearDebiased: alignmentDebiased,
    'effectiveRank.reference': effectiveRank.reference,
    'effectiveRank.current': effectiveRank.current,
    mmd: discrepancy,
  };
  const undefinedFigures = Object.entries(named).flatMap(([name, figure]) =>
    figure.value === null ? [[name, figure.reason]] : [],
  );
  return {
    ...Object.fromEntries(undefinedFigures),
    ...(rows.coverage === null ? { idCoverage: 'the reference has no id' } : {}),
    ...(relation === 'matched' && discrepancy.value !== null
      ? {
          'mmd.pValue': 'rows matched by id are not exchangeable: the paired test stands in the verdict on coordinates',
        }
      : {}),
  };
}
