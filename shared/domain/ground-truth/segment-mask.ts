import type { FeatureRow } from './feature-columns.ts';
import type { BinnedBaseline } from './profile-accumulator.ts';

type Segmented = Pick<BinnedBaseline, 'segments'>;

type Membership = { readonly feature: string; readonly values: ReadonlySet<string> };

const memberships = new WeakMap<object, readonly Membership[]>();

/** Which segments, of a baseline or a model, a row belongs to: bit i for the one at index i. */
export function segmentMask({ segments }: Segmented, { columns, row }: FeatureRow): number {
  if (segments === undefined || segments.length === 0) return 0;
  const known =
    memberships.get(segments) ?? segments.map(({ feature, values }) => ({ feature, values: new Set(values) }));
  memberships.set(segments, known);
  let mask = 0;
  for (const [i, { feature, values }] of known.entries()) {
    const column = columns.get(feature);
    const value = column?.values[row];
    // Missing is null in texts and NaN in numbers.
    if (value === undefined || value === null || Number.isNaN(value)) continue;
    if (values.has(typeof value === 'string' ? value : String(value))) mask |= 1 << i;
  }
  return mask;
}

/** Names of the segments in a mask. */
export function segmentsIn({ segments = [] }: Segmented, mask: number): readonly string[] {
  return segments.flatMap(({ name }, i) => (mask & (1 << i) ? [name] : []));
}
