import { neededRowsText } from '../figures.ts';
import type { EmbeddingCheck, EmbeddingVerdictKind } from './embedding-check.ts';

export type EmbeddingVerdict = {
  readonly kind: EmbeddingVerdictKind;
  readonly reason: string;
  readonly n: number;
  readonly nNeeded: number;
  readonly checks: readonly EmbeddingCheck[];
};

/** More than a person reads at once; all checks are in the verdict. */
const mostSpoken = 3;

const bySeverity: Readonly<Record<EmbeddingVerdictKind, number>> = {
  ok: 0,
  'insufficient-data': 1,
  warning: 2,
  breach: 3,
};

export function worstKind(kinds: readonly EmbeddingVerdictKind[]): EmbeddingVerdictKind {
  return kinds.reduce<EmbeddingVerdictKind>(
    (worst, kind) => (bySeverity[kind] > bySeverity[worst] ? kind : worst),
    'ok',
  );
}

/** The most severe check speaks; too few rows, or a figure that is undefined, replaces `ok` and nothing else. */
export function combineChecks(
  checks: readonly EmbeddingCheck[],
  rows: { readonly n: number; readonly nNeeded: number },
  whenOk: string,
): EmbeddingVerdict {
  const kind = worstKind([
    ...checks.map(({ verdict }) => verdict),
    ...(rows.n < rows.nNeeded ? (['insufficient-data'] as const) : []),
  ]);
  const spoken = checks.filter(({ verdict }) => verdict === kind).map(({ reason }) => reason);
  const reasons = [...(kind === 'insufficient-data' ? neededReason(rows) : []), ...spoken].slice(0, mostSpoken);
  return { kind, reason: kind === 'ok' ? whenOk : reasons.join('; '), ...rows, checks };
}

function neededReason({ n, nNeeded }: { readonly n: number; readonly nNeeded: number }): readonly string[] {
  return n < nNeeded ? [neededRowsText(nNeeded, n)] : [];
}
