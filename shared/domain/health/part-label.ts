import type { SignalPart } from './evaluation.ts';

/** `origin`, `origin (carrier=AA, short window)`: one of its kind within a signal. */
export function partLabel({ name, segment, window }: Pick<SignalPart, 'name' | 'segment' | 'window'>): string {
  const about = [...(segment === undefined ? [] : [segment]), ...(window === 'short' ? ['short window'] : [])];
  return about.length === 0 ? name : `${name} (${about.join(', ')})`;
}

const anchorPrefix = 'anchor:';

/** `anchor:amount`, `anchor:amount:missing`: what is compared is a version's reference, not what it serves. */
export function anchorPartName(name: string): string {
  return `${anchorPrefix}${name}`;
}

/**
 * What a part of that kind is about: `amount`, `amount:missing`. Undefined for any other part, also for `anchor:missing`,
 * the missing rate of a feature that is called `anchor`.
 */
export function aboutAnchor(name: string): string | undefined {
  if (!name.startsWith(anchorPrefix)) return undefined;
  const about = name.slice(anchorPrefix.length);
  return about === 'missing' || about === 'unseen' ? undefined : about;
}
