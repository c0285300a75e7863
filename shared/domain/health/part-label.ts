import type { SignalPart } from './evaluation.ts';

/** `origin`, `origin (carrier=AA, short window)`: one of its kind within a signal. */
export function partLabel({ name, segment, window }: Pick<SignalPart, 'name' | 'segment' | 'window'>): string {
  const about = [...(segment === undefined ? [] : [segment]), ...(window === 'short' ? ['short window'] : [])];
  return about.length === 0 ? name : `${name} (${about.join(', ')})`;
}
