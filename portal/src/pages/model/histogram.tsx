import type { Distribution } from '../../api/types.ts';
import { percentText } from '../../format/number.ts';

const size = { width: 280, height: 88 };

export type Share = { readonly label: string; readonly before: number; readonly now: number };

/** Shares of then and now, each of its own whole, on the same bins. */
export function sharesOf({ bins }: Pick<Distribution, 'bins'>): readonly Share[] {
  const total = (side: 'referenceCount' | 'currentCount') => bins.reduce((sum, bin) => sum + bin[side], 0) || 1;
  const [before, now] = [total('referenceCount'), total('currentCount')];
  return bins.map(({ label, referenceCount, currentCount }) => ({
    label,
    before: referenceCount / before,
    now: currentCount / now,
  }));
}

/** Then as filled bars, now as an outline over them; the bin that moved most is marked. */
export function Histogram({ distribution }: { readonly distribution: Distribution }) {
  const shares = sharesOf(distribution);
  const peak = Math.max(...shares.flatMap(({ before, now }) => [before, now]), 0.01);
  const width = size.width / Math.max(shares.length, 1);
  const y = (share: number) => size.height - 8 - (share / peak) * (size.height - 16);
  const moved = shares.reduce((most, share, index) => (shift(share) > shift(shares[most] ?? share) ? index : most), 0);
  const outline = shares
    .map(({ now }, i) => `${i === 0 ? 'M' : 'L'}${i * width},${y(now)}H${(i + 1) * width}`)
    .join('');
  return (
    <svg
      className="histogram"
      viewBox={`0 0 ${size.width} ${size.height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={histogramText(distribution.name, shares, moved)}
    >
      {shares.map(({ label, before }, i) => (
        <rect
          key={label}
          className="then"
          x={i * width + 0.5}
          y={y(before)}
          width={Math.max(width - 1, 0.5)}
          height={size.height - 8 - y(before)}
        />
      ))}
      <path className="now" d={outline} vectorEffect="non-scaling-stroke" />
      <line
        className="axis"
        x1="0"
        x2={size.width}
        y1={size.height - 8}
        y2={size.height - 8}
        vectorEffect="non-scaling-stroke"
      />
      {distribution.verdict !== 'ok' && shares.length > 0 && (
        <rect
          className={`moved ${distribution.verdict}`}
          x={moved * width}
          y={size.height - 5}
          width={width}
          height="4"
        />
      )}
      {shares.map(({ label, before, now }, i) => (
        <rect key={label} className="hit" x={i * width} y="0" width={width} height={size.height}>
          <title>{`${label}: then ${percentText(before)}, now ${percentText(now)}`}</title>
        </rect>
      ))}
    </svg>
  );
}

function shift({ before, now }: Share): number {
  return Math.abs(now - before);
}

function histogramText(name: string, shares: readonly Share[], moved: number): string {
  const most = shares[moved];
  if (most === undefined) return `${name}: nothing was counted`;
  return `${name}, then and now: most moved ${most.label}, from ${percentText(most.before)} to ${percentText(most.now)}`;
}
