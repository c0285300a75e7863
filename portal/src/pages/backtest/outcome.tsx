import type { Backtest, BacktestRun, Policy } from '../../api/types.ts';
import { countedText, countText } from '../../format/number.ts';
import { momentText } from '../../format/time.ts';
import { Comparison } from './comparison.tsx';
import { Detections } from './detections.tsx';
import { Lanes } from './lanes.tsx';
import { PutPolicy } from './put-policy.tsx';

/** Both policies side by side: in one sentence, in figures, per degradation, on one time axis. */
export function Outcome({ backtest, policy }: { readonly backtest: Backtest; readonly policy: Policy }) {
  const { from, to, evaluations, everyNth, degradations, assumptions } = backtest;
  const every = everyNth === 1 ? '' : `, every ${everyNth}th of those recorded`;
  return (
    <section className="outcome" aria-labelledby="outcome">
      <h2 id="outcome">What would have happened</h2>
      <p className="reason">{sentenceOf(backtest)}</p>
      <p className="muted small">
        {momentText(from)} – {momentText(to)}; {countedText(evaluations, 'evaluation')} judged under each policy{every}.
      </p>
      <Comparison backtest={backtest} />
      {degradations.length === 0 ? (
        <p className="muted">
          No degradation is known in this time, so every alert counts as false. Outcomes tell in hindsight when a model
          was worse; without them nothing does.
        </p>
      ) : (
        <Detections backtest={backtest} />
      )}
      <Lanes backtest={backtest} />
      <h3>What the comparison cannot know</h3>
      <ul className="assumptions">
        {assumptions.map((assumption) => (
          <li key={assumption}>{assumption}</li>
        ))}
      </ul>
      <PutPolicy modelId={backtest.modelId} policy={policy} />
    </section>
  );
}

/** `The candidate would have alerted once, and would have found 1 of 2 degradations; the policy in force …` */
function sentenceOf({ current, candidate, degradations }: Backtest): string {
  const alerts = ({ alerts: { length } }: BacktestRun) =>
    length === 0
      ? 'would never have alerted'
      : `would have alerted ${length === 1 ? 'once' : `${countText(length)} times`}`;
  const found = ({ detections }: BacktestRun) => detections.filter(({ detectedAt }) => detectedAt !== null).length;
  const detected =
    degradations.length === 0
      ? ''
      : `, and would have found ${countText(found(candidate))} of ${countedText(degradations.length, 'degradation')}`;
  const inForce = degradations.length === 0 ? '' : ` and found ${countText(found(current))}`;
  const retrains = `It would have asked for ${countedText(candidate.retrains.length, 'retrain')} instead of ${countText(current.retrains.length)}.`;
  return `The candidate ${alerts(candidate)}${detected}; the policy in force ${alerts(current)}${inForce}. ${retrains}`;
}
