import type { Backtest, BacktestRun } from '../../api/types.ts';
import { durationText } from '../../format/time.ts';
import { State } from '../../parts/state.tsx';
import { Moment } from '../../parts/when.tsx';

type Detection = BacktestRun['detections'][number];

/** Each degradation, and when either policy would have noticed it. */
export function Detections({ backtest }: { readonly backtest: Backtest }) {
  const { degradations, current, candidate } = backtest;
  return (
    <table className="stack detections">
      <caption className="visually-hidden">Degradations, and when each policy found them</caption>
      <thead>
        <tr>
          <th scope="col">Degradation</th>
          <th scope="col">Known from</th>
          <th scope="col">In force</th>
          <th scope="col">Candidate</th>
        </tr>
      </thead>
      <tbody>
        {degradations.map(({ from, to, source, metrics }, index) => (
          <tr key={from}>
            <th scope="row">
              <Moment at={from} /> – <Moment at={to} />
            </th>
            <td data-label="Known from">
              {source === 'given' ? 'you' : `outcomes: ${metrics.join(', ')} past the limit`}
            </td>
            <td data-label="In force">
              <Found detection={current.detections[index]} />
            </td>
            <td data-label="Candidate">
              <Found detection={candidate.detections[index]} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Found({ detection }: { readonly detection: Detection | undefined }) {
  if (detection === undefined || detection.detectedAt === null || detection.delayHours === null)
    return <State kind="breach">missed</State>;
  return (
    <span>
      <State kind="healthy">{delayText(detection.delayHours)}</State> <Moment at={detection.detectedAt} />
    </span>
  );
}

/** `5 h after it began`; an alert may have stood already. */
function delayText(hours: number): string {
  const text = durationText(hours * 3_600_000);
  if (text === 'now') return 'at once';
  return hours < 0 ? `stood ${text} before` : `${text} after it began`;
}
