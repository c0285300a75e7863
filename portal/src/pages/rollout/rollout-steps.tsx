import type { Rollout } from '../../api/types.ts';
import { countedText, figureText } from '../../format/number.ts';
import { kindOf, State } from '../../parts/state.tsx';
import { boundedText, type Look, needText, sharesText, stepsOf } from './rollout-facts.ts';

/** What was found of each share of the traffic, the last look counting; then the shares that are still to come. */
export function RolloutSteps({ rollout }: { readonly rollout: Rollout }) {
  const judged = stepsOf(rollout);
  const steps = Array.isArray(rollout.policy.steps) ? rollout.policy.steps.map(Number) : [];
  const open = steps.slice(judged.length);
  const { validation } = rollout;
  return (
    <table className="stack rollout-steps">
      <caption className="visually-hidden">Steps of the rollout</caption>
      <thead>
        <tr>
          <th scope="col">Share</th>
          <th scope="col">Verdict</th>
          <th scope="col" className="number">
            Loss (bounds)
          </th>
          <th scope="col">Evidence</th>
          <th scope="col" className="number">
            Business metric (bounds)
          </th>
          <th scope="col">Evidence</th>
          <th scope="col">Shares of the rows</th>
        </tr>
      </thead>
      <tbody>
        {validation && (
          <tr>
            <th scope="row">Hold-out</th>
            <td>
              <State kind={kindOf(validation.verdict)}>{validation.verdict}</State>
            </td>
            <td className="number" data-label="Loss">
              {boundedText(validation.paired.relativeDifference, validation.paired.interval)}
            </td>
            <td data-label="Evidence">{countedText(validation.paired.n, 'pair')}</td>
            <td colSpan={3} className="muted">
              not on traffic
            </td>
          </tr>
        )}
        {judged.map(({ last, looks }) => (
          <StepRow key={last.step} look={last} looks={looks} />
        ))}
        {open.map((percent) => (
          <tr key={percent}>
            <th scope="row">{percent === 100 ? 'Promotion' : `${percent} %`}</th>
            <td colSpan={6} className="muted">
              {openText(rollout, percent)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function StepRow({ look, looks }: { readonly look: Look; readonly looks: number }) {
  const { percent, verdict, paired, business, reason } = look;
  return (
    <tr>
      <th scope="row">{percent} %</th>
      <td title={reason}>
        <State kind={kindOf(verdict)}>{verdict}</State>
        <span className="muted small"> {countedText(looks, 'look')}</span>
      </td>
      <td className="number" data-label="Loss">
        {boundedText(paired.relativeDifference, paired.interval)}
      </td>
      <td data-label="Evidence">{needText(paired.sequence)}</td>
      <td className="number" data-label={business?.metric ?? 'Business metric'}>
        {business ? boundedText(business.relativeChange, business.interval) : '–'}
        {business && (
          <span className="muted small arms">
            {figureText(business.candidate.mean)} against {figureText(business.champion.mean)}
          </span>
        )}
      </td>
      <td data-label="Evidence">{needText(business?.sequence)}</td>
      <td data-label="Shares">{sharesText(look)}</td>
    </tr>
  );
}

function openText({ status, endedAt, stepStarts = [], policy }: Rollout, percent: number): string {
  const steps = Array.isArray(policy.steps) ? policy.steps.map(Number) : [];
  if (status === 'promoted') return percent === 100 ? 'done' : 'skipped: a person promoted it';
  if (endedAt !== undefined) return 'never came to it';
  return steps.indexOf(percent) < stepStarts.length ? 'serves, and has not been looked at yet' : 'to come';
}
