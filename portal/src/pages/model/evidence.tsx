import type { Evaluation, Signal } from '../../api/types.ts';
import { countText, figureText, percentText, scoreText } from '../../format/number.ts';
import { windowText } from '../../format/time.ts';
import { signalWords } from '../../format/words.ts';
import { SignalState } from './signal-state.tsx';

const order = Object.keys(signalWords) as readonly Signal['name'][];

/** The signals of an evaluation, with the reason of each and what it adds to the staleness score. */
export function Evidence({ evaluation }: { readonly evaluation: Evaluation }) {
  const signals = evaluation.signals.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  return (
    <table className="stack evidence">
      <caption className="visually-hidden">Evidence: the signals of the latest evaluation</caption>
      <thead>
        <tr>
          <th scope="col">Signal</th>
          <th scope="col">Verdict</th>
          <th scope="col" className="number">
            Value
          </th>
          <th scope="col" className="number" title="0 at no effect, 0.5 at the warning, 1 at the breach">
            Score
          </th>
          <th
            scope="col"
            className="number"
            title="To the staleness score: weight × score, of the weights of all measured"
          >
            Adds
          </th>
          <th scope="col" className="number" title="Of the evidence test; small means it is no accident">
            p-value
          </th>
          <th scope="col" className="number">
            Rows
          </th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody>
        {signals.map((signal) => (
          <SignalRow key={signal.name} signal={signal} evaluation={evaluation} />
        ))}
      </tbody>
    </table>
  );
}

function SignalRow({ signal, evaluation }: { readonly signal: Signal; readonly evaluation: Evaluation }) {
  const { name, value, unit, score, evidence, reason } = signal;
  const seen = seenText(signal, evaluation);
  const isDecisive = evaluation.policy.signals[name].decisive;
  return (
    <tr>
      <th
        scope="row"
        title={isDecisive ? 'A breach of it alone puts the model at risk' : 'Counts in the staleness score'}
      >
        {signalWords[name]}
        {isDecisive && <span className="muted small"> decisive</span>}
      </th>
      <td>
        <SignalState signal={signal} />
      </td>
      <td className="number" data-label="Value" title={seen}>
        {figureText(value)} <span className="muted small">{value === null ? '' : unit}</span>
      </td>
      <td className="number" data-label="Score" title={seen}>
        {scoreText(score)}
      </td>
      <td className="number" data-label="Adds">
        <Contribution name={name} evaluation={evaluation} />
      </td>
      <td className="number" data-label="p-value" title={seen}>
        {figureText(evidence)}
      </td>
      <td className="number" data-label="Rows">
        {rowsText(signal)}
      </td>
      <td className="sentence">{reason}</td>
    </tr>
  );
}

function Contribution({ name, evaluation }: { readonly name: Signal['name']; readonly evaluation: Evaluation }) {
  const found = evaluation.contributions?.find((contribution) => contribution.name === name);
  if (found === undefined) return '–';
  const { weight, contribution } = found;
  const { stalenessScore } = evaluation;
  if (weight === 0)
    return (
      <span className="muted" title="Its weight is 0: it is shown and adds nothing">
        –
      </span>
    );
  if (contribution === null)
    return (
      <span className="muted" title={`Weight ${figureText(weight)}, but nothing is measured`}>
        –
      </span>
    );
  const share = stalenessScore === null || stalenessScore === 0 ? 0 : contribution / stalenessScore;
  return (
    <span
      title={`Weight ${figureText(weight)}; ${percentText(share)} of the staleness score ${scoreText(stalenessScore)}`}
    >
      {scoreText(contribution)}
      <span className="meter" aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </span>
    </span>
  );
}

function seenText({ n, maturity }: Signal, { window }: Evaluation): string {
  const labels = maturity === undefined ? '' : `, ${percentText(maturity)} of the expected labels have come`;
  return `n ${countText(n)}, window ${windowText(window)}${labels}`;
}

function rowsText({ name, n, nNeeded }: Signal): string {
  if (name === 'age') return '–';
  return n < nNeeded ? `${countText(n)} of ${countText(nNeeded)} needed` : countText(n);
}
