import type { Policy } from '../registry/policy.ts';
import type { Signal, SignalPart } from './evaluation.ts';
import { aboutAnchor } from './part-label.ts';

/** The parts that have a say: features that the policy does not name, and shifts of the reference, are shown, not judged. */
export function judgedParts({ signals }: Policy, { name, parts }: Signal): readonly SignalPart[] {
  const named = signals.dataDrift.features;
  if (name !== 'dataDrift') return parts;
  const ofService = parts.filter((part) => aboutAnchor(part.name) === undefined);
  return named === undefined ? ofService : ofService.filter((part) => named.includes(part.name.split(':')[0] ?? ''));
}
