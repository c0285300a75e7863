import type { Policy } from '../registry/policy.ts';
import { signalLabels } from './confidence.ts';
import type { SignalName, SignalPart } from './evaluation.ts';
import { aboutAnchor, partLabel } from './part-label.ts';

/** What is measured of a part, and where it breaches. */
export type BreachLimit = { readonly label: string; readonly limit: number };

/** What has no limit of its own in the policy is told in shares of its limit. */
export function breachLimit(
  policy: Policy,
  name: SignalName,
  part: Pick<SignalPart, 'name' | 'segment' | 'window' | 'effectFloor'>,
): BreachLimit {
  const labelled = partLabel(part);
  const known = knownLimit(policy, name, part.name);
  if (known === undefined) return { label: `effect of ${signalLabels[name]}: ${labelled}`, limit: 1 };
  const about = labelled.slice(part.name.length);
  // What the reference shows against itself is no breach, and effects are told in shares of the larger one.
  return { label: `${known.label}${about}`, limit: Math.max(known.limit, part.effectFloor ?? 0) };
}

function knownLimit({ signals }: Policy, name: SignalName, part: string): BreachLimit | undefined {
  switch (name) {
    case 'dataDrift': {
      const about = aboutAnchor(part);
      const [feature, rate] = (about ?? part).split(':');
      const what = rate === undefined ? feature : `the ${rate} rate of ${feature}`;
      const where = about === undefined ? '' : ' in the reference, against the first champion';
      return { label: `PSI of ${what}${where}`, limit: signals.dataDrift.psiBreach };
    }
    case 'predictionDrift':
      if (part === 'kl') return { label: 'KL of the output', limit: signals.predictionDrift.klBreach };
      return part === 'psi' ? limited('PSI of the output', signals.predictionDrift.psiBreach) : undefined;
    case 'performance': {
      const { aucDrop, logLossSkillDrop, calibrationBias, rmseIncreaseRatio } = signals.performance;
      if (part === 'auc') return limited('drop of AUC', aucDrop);
      if (part === 'logLossSkill') return limited('drop of log-loss skill', logLossSkillDrop);
      if (part === 'calibrationBias') return limited('distance of the mean score from the label rate', calibrationBias);
      return part === 'rmse' ? limited('relative increase of RMSE', rmseIncreaseRatio) : undefined;
    }
    case 'conceptDrift': {
      const label = part === 'logLoss' ? 'log loss' : 'scatter of the labels';
      return { label: `excess of the ${label}`, limit: signals.conceptDrift.lossIncreaseRatio };
    }
    case 'age':
      return { label: 'age in days', limit: signals.age.breachDays };
    default:
      return undefined;
  }
}

function limited(label: string, limit: number | null): BreachLimit | undefined {
  return limit === null ? undefined : { label, limit };
}
