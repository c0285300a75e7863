import type { Distribution, Evaluation, Signal } from '../../api/types.ts';
import { figureText } from '../../format/number.ts';

export type Part = Signal['parts'][number];

/** A feature, or the output, then and now, with what its verdict rests on. */
export type ShownFeature = Distribution & {
  /** PSI that breaches; null when the PSI alone does not. */
  readonly limit: number | null;
  /** What the short window found: values, missing and unseen rates. */
  readonly lastHours: readonly Part[];
};

export const outputName = 'score (output)';

export function isOutput({ name }: Pick<Distribution, 'name'>): boolean {
  return name === outputName;
}

/** The tests of the short window about this feature, of all rows or of a segment; of missing and unseen values only what is not OK. */
export function lastHoursOf(
  feature: Pick<Distribution, 'name'>,
  evaluation: Evaluation | undefined,
  segment: string | undefined,
): readonly Part[] {
  const signal = isOutput(feature) ? 'predictionDrift' : 'dataDrift';
  const parts = evaluation?.signals.find(({ name }) => name === signal)?.parts ?? [];
  return parts.filter(
    ({ name, window, verdict, ...part }) =>
      window === 'short' &&
      part.segment === segment &&
      (isOutput(feature) || name === feature.name || (name.startsWith(`${feature.name}:`) && verdict !== 'ok')),
  );
}

/** `1.24` of the PSI that breaches. */
export function effectText({ psi, limit }: Pick<ShownFeature, 'psi' | 'limit'>): string {
  return psi === null || limit === null ? '–' : figureText(psi / limit);
}
