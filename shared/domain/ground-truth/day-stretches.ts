import { dayMillis, type Instant, toInstant, toMillis } from '../time.ts';

type Stretch = { readonly from: Instant; readonly to: Instant };

/** 24 hours each, counted back from the end of the window, oldest first; the oldest may be shorter. */
export function dayStretches({ from, to }: Stretch): readonly Stretch[] {
  const [start, end] = [toMillis(from), toMillis(to)];
  const count = Math.max(0, Math.ceil((end - start) / dayMillis));
  return Array.from({ length: count }, (_, i) => {
    const stretchEnd = end - (count - 1 - i) * dayMillis;
    return { from: toInstant(Math.max(start, stretchEnd - dayMillis)), to: toInstant(stretchEnd) };
  });
}
