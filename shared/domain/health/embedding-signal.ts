import type { EmbeddingStability } from './embedding/embedding-stability.ts';
import type { Signal, SignalPart } from './evaluation.ts';
import { insufficientSignal } from './signal.ts';

/** The checks have limits in many directions; how far the worst one has gone is what its verdict says. */
const effectOf = { ok: 0, warning: 0.5, breach: 1 } as const;

/**
 * Whether the embeddings of the version that serves moved against those of the version before, after alignment: the
 * intrinsic verdict of their comparison. `value`: the share of each row's nearest neighbours that both versions have. What
 * the comparison says of raw coordinates concerns those who read them, not the model's health; it is shown as a part
 * that warns at most. Undefined when there is nothing to compare.
 */
export function embeddingSignal(stability: EmbeddingStability | undefined): Signal | undefined {
  if (stability === undefined) return undefined;
  const base = { name: 'embeddingInstability', unit: 'neighbour overlap' } as const;
  const { report, referenceVersion } = stability;
  const against = `against version ${referenceVersion}`;
  if (report === null)
    return insufficientSignal({ ...base, n: 0, nNeeded: 0, reason: stability.reason ?? `no comparison ${against}` });
  const { intrinsic, coordinates } = report.verdict;
  const parts = [...intrinsic.checks.map(partOf), coordinatesPart(coordinates)];
  const { n, nNeeded, reason, kind } = intrinsic;
  if (kind === 'insufficient-data') return insufficientSignal({ ...base, n, nNeeded, reason, parts });
  const pValues = intrinsic.checks.flatMap(({ pValue }) => pValue ?? []);
  return {
    ...base,
    value: report.knnOverlap.meanOverlap,
    score: effectOf[kind],
    evidence: pValues.length === 0 ? null : Math.min(...pValues),
    effect: effectOf[kind],
    n,
    nNeeded,
    verdict: kind,
    reason: `${reason} (${against})`,
    parts,
  };
}

type Intrinsic = NonNullable<EmbeddingStability['report']>['verdict']['intrinsic'];

function partOf(check: Intrinsic['checks'][number]): SignalPart {
  const { name, verdict, reason, value, noise, interval, pValue, n } = check;
  return { name, value, reference: noise, evidence: pValue, verdict, reason, ...(interval && { interval }), n };
}

function coordinatesPart({ kind, reason, n }: Intrinsic): SignalPart {
  const verdict = kind === 'breach' ? 'warning' : kind;
  return { name: 'coordinates', value: null, reference: null, evidence: null, verdict, reason, n };
}
