import type { FleetRow } from '../api/types.ts';
import { countedText } from '../format/number.ts';

type Day = FleetRow['days'][number];

const dayWidth = 4;
const height = 20;
// The worse, the taller: the strip is read without colour too.
const heights: Readonly<Record<Day['state'], number>> = { healthy: 6, warning: 12, breach: 18, unknown: 5 };
const millisecondsPerDay = 86_400_000;

/** The last thirty days as one band; a day on which nothing was known is a gap. */
export function HealthStrip({ days, now }: { readonly days: readonly Day[]; readonly now: string }) {
  const today = Math.floor(Date.parse(now) / millisecondsPerDay);
  return (
    <svg
      className="strip"
      width={30 * dayWidth}
      height={height}
      role="img"
      aria-label={stripText(days)}
      shapeRendering="crispEdges"
    >
      <line className="axis" x1="0" x2={30 * dayWidth} y1={height - 0.5} y2={height - 0.5} />
      {days.map(({ date, state }) => {
        const age = today - Math.floor(Date.parse(`${date}T00:00:00Z`) / millisecondsPerDay);
        const inset = state === 'unknown' ? 0.5 : 0;
        return (
          <rect
            key={date}
            className={state}
            x={(29 - age) * dayWidth + inset}
            y={height - heights[state] - 1 + inset}
            width={dayWidth - 1 - 2 * inset}
            height={heights[state] - 2 * inset}
          >
            <title>{`${date} (UTC): ${state}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

/** `Last 30 days: 3 breach, 20 healthy, 7 without evaluation` */
export function stripText(days: readonly Day[]): string {
  const count = (state: Day['state']) => days.filter((day) => day.state === state).length;
  const parts = (['breach', 'warning', 'unknown', 'healthy'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${state}`);
  const missing = 30 - days.length;
  return `Last 30 days: ${[...parts, ...(missing > 0 ? [`${countedText(missing, 'day')} without evaluation`] : [])].join(', ')}`;
}
