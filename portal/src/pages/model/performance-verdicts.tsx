import { useQuery } from '@tanstack/react-query';
import { modelOptions } from '../../api/queries.ts';
import { useRunway } from '../../api/runway.tsx';
import type { Evaluation, Signal } from '../../api/types.ts';
import { countText, figureText, percentText } from '../../format/number.ts';
import { windowText } from '../../format/time.ts';
import { signalWords } from '../../format/words.ts';
import { SignalState } from './signal-state.tsx';

/** What the latest evaluation says of performance: realised, estimated without labels, and against the scores' meaning. */
export function PerformanceVerdicts({ modelId }: { readonly modelId: string }) {
  const evaluation = useQuery(modelOptions.health(useRunway(), modelId)).data?.evaluation;
  if (evaluation === undefined) return null;
  const of = (name: Signal['name']) => evaluation.signals.find((signal) => signal.name === name);
  const [performance, estimated, conceptDrift] = [of('performance'), of('estimatedPerformance'), of('conceptDrift')];
  return (
    <div className="performance-verdicts">
      {performance && <OneSignal signal={performance} note={maturityText(performance)} evaluation={evaluation} />}
      {conceptDrift && (
        <OneSignal
          signal={conceptDrift}
          note="Do the scores still mean what they meant? Against what these scores cost on the baseline."
          evaluation={evaluation}
        />
      )}
      {estimated && (
        <OneSignal
          signal={estimated}
          realized={performance}
          note="Computed without labels. It may warn, and never confirms health: what the scores do not show, it does not see."
          evaluation={evaluation}
        />
      )}
    </div>
  );
}

type Part = Signal['parts'][number];

function OneSignal(props: {
  readonly signal: Signal;
  readonly note: string;
  readonly evaluation: Evaluation;
  /** What an estimate is shown beside. */
  readonly realized?: Signal | undefined;
}) {
  const { signal, note, evaluation, realized } = props;
  const { name, reason, n, parts } = signal;
  return (
    <section aria-labelledby={`signal-${name}`}>
      <h3 id={`signal-${name}`}>
        {signalWords[name]} <SignalState signal={signal} />
      </h3>
      <p>{reason.charAt(0).toUpperCase() + reason.slice(1)}</p>
      <p className="muted small">
        {note} {windowText(evaluation.window)}, n {countText(n)}.
      </p>
      {parts.length > 0 && (
        <ul className="metric-figures">
          {parts.map((part) => (
            <PartFigure
              key={`${part.name} ${part.window ?? ''} ${part.segment ?? ''}`}
              part={part}
              isEstimate={name === 'estimatedPerformance'}
              realized={realized?.parts.find((each) => each.name === part.name)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

/** The value, as wide as its interval where that is of a plain difference, and what it is held against. */
function PartFigure(props: { readonly part: Part; readonly isEstimate: boolean; readonly realized: Part | undefined }) {
  const { part, isEstimate, realized } = props;
  const { name, value, reference, interval, segment, reason } = part;
  const half = interval === undefined ? undefined : (interval.high - interval.low) / 2;
  // Of what is held against 0 the value is the change itself.
  const of = reference === 0 ? '' : ' of the change';
  return (
    <li title={reason}>
      <span className="feature-name">
        {isEstimate ? 'Estimated ' : ''}
        {metricWords[name] ?? name}
        {segment === undefined ? '' : ` (${segment})`}
      </span>
      <span className="figure">
        {figureText(value)}
        {isEstimate && half !== undefined ? ` ± ${figureText(half)}` : ''}
      </span>
      <span className="muted small basis">
        {realized !== undefined && `realised ${figureText(realized.value)}, `}
        {reference === null ? 'no reference' : `reference ${figureText(reference)}`}
        {!isEstimate &&
          interval !== undefined &&
          `, 95 % interval${of} ${figureText(interval.low)} to ${figureText(interval.high)}`}
      </span>
    </li>
  );
}

const metricWords: Readonly<Record<string, string>> = {
  auc: 'AUC',
  logLossSkill: 'Log-loss skill',
  logLoss: 'Log loss above expected',
  calibration: 'Calibration off expected',
  calibrationBias: 'Calibration bias',
  rmse: 'RMSE',
};

function maturityText({ maturity }: Signal): string {
  return maturity === undefined
    ? 'Only predictions whose outcomes had time to come are counted.'
    : `${percentText(maturity)} of the outcomes expected by now have come; days whose labels are missing are left out.`;
}
