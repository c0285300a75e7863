import type { Backtest, BacktestRun } from '../../api/types.ts';
import { countText, figureText, percentText } from '../../format/number.ts';

type Row = {
  readonly name: string;
  readonly note: string;
  readonly value: (run: BacktestRun) => number;
  readonly text: (value: number) => string;
};

const rows: readonly Row[] = [
  { name: 'Alerts', note: 'times the model came to be at risk', value: ({ alerts }) => alerts.length, text: countText },
  { name: 'Alerts per week', note: '', value: ({ alertsPerWeek }) => alertsPerWeek, text: figureText },
  {
    name: 'False alerts',
    note: 'never stood within a degradation',
    value: ({ falseAlerts }) => falseAlerts,
    text: countText,
  },
  {
    name: 'Degradations found',
    note: 'an alert stood within it',
    value: ({ detections }) => detections.filter(({ detectedAt }) => detectedAt !== null).length,
    text: countText,
  },
  {
    name: 'Retrains',
    note: 'asked for, within the cooldown',
    value: ({ retrains }) => retrains.length,
    text: countText,
  },
  {
    name: 'Cost of retrains',
    note: 'in the unit of what one costs',
    value: ({ retrainCost }) => retrainCost,
    text: figureText,
  },
  { name: 'Share at risk', note: 'of the evaluations', value: ({ atRiskRatio }) => atRiskRatio, text: percentText },
];

/** Figure by figure, and by how much the candidate differs. */
export function Comparison({ backtest: { current, candidate } }: { readonly backtest: Backtest }) {
  return (
    <table className="comparison">
      <caption className="visually-hidden">The policy in force and the candidate</caption>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col" className="number">
            In force
          </th>
          <th scope="col" className="number">
            Candidate
          </th>
          <th scope="col" className="number">
            Difference
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, note, value, text }) => (
          <tr key={name}>
            <th scope="row">
              {name} <span className="muted small">{note}</span>
            </th>
            <td className="number">{text(value(current))}</td>
            <td className="number">{text(value(candidate))}</td>
            <td className="number muted">{differenceText(value(candidate) - value(current), text)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function differenceText(difference: number, text: (value: number) => string): string {
  if (difference === 0) return 'same';
  return `${difference > 0 ? '+' : '−'}${text(Math.abs(difference))}`;
}
