import type { Backtest } from '../../api/types.ts';
import { dayText } from '../../charts/axes.ts';
import { countText } from '../../format/number.ts';
import { momentText } from '../../format/time.ts';
import { AsTable } from '../../parts/as-table.tsx';
import { type Lane, lanesOf, type Mark } from './run-lanes.ts';

const size = { width: 1_000, height: 24 };
const inset: Readonly<Record<Mark['kind'], number>> = { degradation: 2, alert: 4, 'false-alert': 7, retrain: 2 };
const ticks = 4;

const kindWords: Readonly<Record<Mark['kind'], string>> = {
  degradation: 'degradation',
  alert: 'alert',
  'false-alert': 'false alert',
  retrain: 'retrain',
};

/** One lane per kind and policy, on one time axis. */
export function Lanes({ backtest }: { readonly backtest: Backtest }) {
  const lanes = lanesOf(backtest);
  const [from, to] = [Date.parse(backtest.from), Date.parse(backtest.to)];
  const counts = lanes.map(({ name, marks }) => `${name}: ${countText(marks.length)}`).join(', ');
  const rows = lanes.flatMap(({ name, marks }) => marks.map((mark) => ({ ...mark, lane: name })));
  return (
    <>
      <p className="muted legend">
        <span>
          <i className="alert" /> alert within a degradation
        </span>
        <span>
          <i className="false-alert" /> alert without one
        </span>
        <span>
          <i className="retrain" /> retrain asked for
        </span>
        <span>Times in UTC.</span>
      </p>
      <div className="lanes" role="img" aria-label={`${counts}. The table below says the same.`}>
        {lanes.map((lane) => (
          <LaneRow key={lane.name} lane={lane} from={from} to={to} />
        ))}
        <span aria-hidden="true" />
        <div className="lane-axis muted small" aria-hidden="true">
          {Array.from({ length: ticks + 1 }, (_, index) => from + ((to - from) * index) / ticks).map((time) => (
            <span key={time}>{dayText(time)}</span>
          ))}
        </div>
      </div>
      <AsTable
        caption="Degradations, alerts and retrains"
        rows={rows.toSorted((a, b) => a.from - b.from)}
        columns={[
          { head: 'Lane', cell: ({ lane }) => lane },
          { head: 'From', cell: (mark) => momentOf(mark.from) },
          { head: 'To', cell: (mark) => (mark.to === mark.from ? '–' : momentOf(mark.to)) },
          { head: 'What', cell: ({ kind }) => kindWords[kind] },
          { head: 'Why', cell: ({ text }) => text },
        ]}
      />
    </>
  );
}

function LaneRow({ lane, from, to }: { readonly lane: Lane; readonly from: number; readonly to: number }) {
  const x = (time: number) => ((Math.min(Math.max(time, from), to) - from) / (to - from)) * size.width;
  return (
    <>
      <span className="lane-name small">
        {lane.name} <span className="muted">{countText(lane.marks.length)}</span>
      </span>
      <svg className="lane" viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="none" aria-hidden="true">
        {lane.marks.map((mark) => (
          <rect
            key={`${mark.kind} ${mark.from}`}
            className={mark.kind}
            x={x(mark.from)}
            y={inset[mark.kind]}
            width={Math.max(x(mark.to) - x(mark.from), 4)}
            height={size.height - 2 * inset[mark.kind]}
            vectorEffect="non-scaling-stroke"
          >
            <title>{`${momentOf(mark.from)}${mark.to === mark.from ? '' : ` – ${momentOf(mark.to)}`}: ${mark.text}`}</title>
          </rect>
        ))}
      </svg>
    </>
  );
}

function momentOf(time: number): string {
  return momentText(new Date(time).toISOString());
}
