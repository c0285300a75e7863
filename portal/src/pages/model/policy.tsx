import { Link } from 'wouter';
import type { Model, Policy } from '../../api/types.ts';
import { countedText, countText, figureText, percentText } from '../../format/number.ts';

/** What the owner asks of Runway, in plain words, and as it is sent to the API. */
export function PolicySection({ model }: { readonly model: Model }) {
  const groups = describePolicy(model.policy);
  return (
    <>
      <p className="muted">
        {model.policyVersion === 1
          ? `The defaults of tier ${model.definition.tier}; nobody has changed them.`
          : `Changed ${countedText(model.policyVersion - 1, 'time')} since the defaults of tier ${model.definition.tier}.`}
      </p>
      <div className="policy">
        {groups.map(({ title, rows }) => (
          <div key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([name, value]) => (
                <div key={name} className="pair">
                  <dt className="muted">{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
      <p>
        <Link href={`/models/${model.modelId}/backtest`}>Try another policy on the record</Link>
      </p>
      <details className="small">
        <summary className="muted">Raw policy</summary>
        <pre className="raw">{JSON.stringify(model.policy, null, 2)}</pre>
      </details>
    </>
  );
}

type Group = { readonly title: string; readonly rows: readonly (readonly [string, string])[] };

function describePolicy(policy: Policy): readonly Group[] {
  const { signals, retraining, rollout, validation } = policy;
  const limit = (value: number | null, text: (value: number) => string) =>
    value === null ? 'not judged' : text(value);
  const rules = retraining.rules?.map(({ name, then }) => `${name} (${then})`);
  const reasons = [...(retraining.onPerformance ? ['performance'] : []), ...(retraining.onDrift ? ['drift'] : [])];
  return [
    {
      title: 'Evaluation',
      rows: [
        ['every', `${countText(policy.evaluationIntervalMinutes)} min over ${policy.windowDays} days`],
        ['needs', `${countText(policy.minimumRows)} rows`],
        [
          'significance',
          policy.fleetControl
            ? 'from the team’s budget of false alarms'
            : `p below ${figureText(policy.significance)} in each test`,
        ],
        [
          'short window',
          policy.shortWindow.enabled
            ? `looks at the last ${policy.shortWindow.minimumHours} h or more`
            : 'switched off',
        ],
        ['at risk', `staleness above ${figureText(policy.stalenessThreshold)}, or a decisive breach`],
        [
          'a breach is over',
          `after ${countedText(policy.hysteresis.clearEvaluations, 'trusted evaluation')} below ${percentText(policy.hysteresis.clearRatio)} of its limit`,
        ],
        ['proposed for deprecation', `after ${countText(policy.deprecationProposalDays)} days at risk`],
      ],
    },
    {
      title: 'Signals',
      rows: [
        ['age', `warning after ${signals.age.warningDays} days, breach after ${signals.age.breachDays}`],
        ['data drift', `PSI: warning ${signals.dataDrift.psiWarning}, breach ${signals.dataDrift.psiBreach}`],
        [
          'prediction drift',
          `KL: warning ${signals.predictionDrift.klWarning}, breach ${signals.predictionDrift.klBreach}`,
        ],
        ['AUC', limit(signals.performance.aucDrop, (drop) => `may drop by ${figureText(drop)}`)],
        ['log-loss skill', limit(signals.performance.logLossSkillDrop, (drop) => `may drop by ${figureText(drop)}`)],
        ['RMSE', limit(signals.performance.rmseIncreaseRatio, (ratio) => `may rise by ${percentText(ratio)}`)],
        ['calibration', limit(signals.performance.calibrationBias, (bias) => `bias up to ${figureText(bias)}`)],
        ['concept drift', `loss may be ${percentText(signals.conceptDrift.lossIncreaseRatio)} above what is expected`],
        ['coverage', `performance is trusted from ${percentText(signals.performance.minimumCoverageRatio)}`],
      ],
    },
    {
      title: 'Retraining',
      rows: [
        ['on', rules?.join(', ') ?? (reasons.length === 0 ? 'request and backstop only' : reasons.join(' and '))],
        ['at the latest', `${retraining.backstopDays} days after the training data`],
        ['cooldown', `${retraining.cooldownDays} days`],
        ['training may take', `${retraining.trainingTimeoutHours} h`],
      ],
    },
    {
      title: 'Rollout',
      rows: [
        [
          'hold-out',
          `at least ${countText(validation.minimumHoldoutRows)} rows, loss at most ${percentText(validation.nonInferiorityMarginRatio)} worse`,
        ],
        ['steps', `${rollout.steps.join(' → ')} %`],
        ['each holds', `${rollout.holdHours} h, at most ${rollout.maximumHoldHours} h`],
        [
          'goes back when',
          `loss is ${percentText(rollout.nonInferiorityMarginRatio)} worse or the business metric drops ${percentText(rollout.businessDropRatio)}`,
        ],
        ['if inconclusive', rollout.onInconclusive === 'roll-back' ? 'rolls back' : 'promotes on the paired verdict'],
      ],
    },
  ];
}
