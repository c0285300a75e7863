import type { WalkAnswer } from '../../api/graph-types.ts';
import { countedText, countText } from '../../format/number.ts';

/** `directly`, `2 hops away` */
export function hopsAwayText(hops: number): string {
  return hops === 1 ? 'directly' : `${hops} hops away`;
}

/** `12 entities depend on it: 3 directly, the furthest 4 hops away.` */
export function impactText({ total, byDepth, truncated, cycles }: WalkAnswer): string {
  if (total === 0) return 'Nothing is known to depend on it.';
  const furthest = Math.max(...Object.keys(byDepth).map(Number));
  const direct = byDepth['1'] ?? 0;
  const reach =
    furthest > 1 ? `${countText(direct)} directly, the furthest ${furthest} hops away` : 'all of them directly';
  const sentences = [
    `${countedText(total, 'entity depends', 'entities depend')} on it: ${reach}.`,
    ...(truncated ? [`There is more beyond ${furthest} hops, which is not counted.`] : []),
    ...(cycles.length > 0
      ? [
          `${countedText(cycles.length, 'group', 'groups')} of them ${cycles.length === 1 ? 'depends' : 'depend'} on each other in a circle.`,
        ]
      : []),
  ];
  return sentences.join(' ');
}
