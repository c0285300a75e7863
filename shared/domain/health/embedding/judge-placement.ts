import { wilsonInterval } from '../statistics/wilson-interval.ts';
import { intervalLevel } from './bootstrap-interval.ts';
import { type EmbeddingCheck, judgeCheck, statedCheck } from './embedding-check.ts';
import type { EmbeddingLimits } from './embedding-limits.ts';
import type { RowPair } from './judge-shape.ts';
import { misplacedIds } from './misplaced-ids.ts';

/** Ids that carry another id's vector, beyond those that noise makes look so. */
export function judgePlacement(
  { reference, current, ids }: RowPair & { readonly ids: readonly string[] },
  noise: readonly RowPair[],
  limits: EmbeddingLimits['misplacedIdsRatio'],
): EmbeddingCheck {
  const n = reference.rows;
  const found = misplacedIds(reference, current);
  if (found.value === null)
    return statedCheck('misplacedIds', n, 'insufficient-data', `misplaced ids: ${found.reason}`);
  const floors = noise.map((pair) => misplacedIds(pair.reference, pair.current).value ?? 0);
  const floor = floors.length === 0 ? undefined : Math.max(...floors);
  const { warning, breach } = floor === undefined ? limits.alone : limits.beyondNoise;
  const proportion = wilsonInterval(found.count, n, intervalLevel);
  const check = judgeCheck({
    name: 'misplacedIds',
    label: 'share of ids that carry another id’s vector',
    value: found.value,
    worse: 'higher',
    noise: floor,
    limits: { warning: (floor ?? 0) + warning, breach: (floor ?? 0) + breach },
    interval: proportion.value === null ? undefined : { low: proportion.interval[0], high: proportion.interval[1] },
    n,
  });
  if (check.verdict === 'ok') return check;
  const examples = found.examples.map(([row, other]) => `${ids[row]} looks like ${ids[other]}`).join(', ');
  return { ...check, reason: `${check.reason}: ${examples}` };
}
