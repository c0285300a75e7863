import type { Policy } from '../registry/policy.ts';
import type { Signal, SignalPart } from './evaluation.ts';

/** The parts that have a say: features that the policy does not name are shown, not judged. */
export function judgedParts({ signals }: Policy, { name, parts }: Signal): readonly SignalPart[] {
  const named = signals.dataDrift.features;
  if (name !== 'dataDrift' || named === undefined) return parts;
  return parts.filter((part) => named.includes(part.name.split(':')[0] ?? ''));
}
