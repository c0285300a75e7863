import type { Rollout } from '../../api/types.ts';
import { countText, figureText } from '../../format/number.ts';

export type Look = Rollout['judgements'][number];
type Interval = readonly [number, number] | null;

/** A number of the policy under which the rollout goes. */
export function limitOf({ policy }: Rollout, name: string): number | undefined {
  const value = policy[name];
  return typeof value === 'number' ? value : undefined;
}

/** `+2.1 %` of 0.021 */
export function changeText(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined) return '–';
  const percent = Number((100 * ratio).toFixed(Math.abs(ratio) < 0.001 ? 2 : 1));
  return `${percent > 0 ? '+' : ''}${figureText(percent)} %`;
}

/** `+1 % (−0.5 % to +2.4 %)` */
export function boundedText(ratio: number | null | undefined, interval: Interval | undefined): string {
  if (ratio === null || ratio === undefined) return '–';
  return interval
    ? `${changeText(ratio)} (${changeText(interval[0])} to ${changeText(interval[1])})`
    : changeText(ratio);
}

/** `has 1,200 of 40,000 rows`; how far the evidence is. */
export function needText(sequence: { readonly has: number; readonly needed: number } | undefined): string {
  if (sequence === undefined) return '–';
  const { has, needed } = sequence;
  return has >= needed
    ? `has ${countText(has)} rows, enough`
    : `needs ${countText(needed)} rows, has ${countText(has)}`;
}

/** What the rows of the arms say about their shares. */
export function sharesText({ sampleRatio }: Look): string {
  if (sampleRatio === undefined) return '–';
  const { served, labelled } = sampleRatio;
  const rows = served.champion + served.candidate;
  if (rows === 0) return 'counted by unit';
  if (served.verdict === 'mismatch' || labelled.verdict === 'mismatch') {
    const { champion, candidate, expectedRatio } = served.verdict === 'mismatch' ? served : labelled;
    return `mismatch: ${changeText(candidate / (champion + candidate)).replace('+', '')} instead of ${changeText(expectedRatio).replace('+', '')}`;
  }
  return `as expected, ${countText(rows)} rows`;
}

/** The last look at each step, in order, with how often it was looked at. */
export function stepsOf({ judgements }: Rollout): readonly { readonly last: Look; readonly looks: number }[] {
  const steps = new Map<number, { last: Look; looks: number }>();
  for (const look of judgements) steps.set(look.step, { last: look, looks: (steps.get(look.step)?.looks ?? 0) + 1 });
  return [...steps.values()];
}
