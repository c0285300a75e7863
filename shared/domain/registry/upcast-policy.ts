import { defaultPolicy, type Policy } from './policy.ts';

/** A policy from before some of its fields were there, with their defaults; they are the same for every tier. */
export function upcastPolicy(policy: Policy): Policy {
  const { signals: signalDefaults, ...defaults } = defaultPolicy(4);
  const { signals } = policy;
  return {
    ...defaults,
    ...policy,
    signals: { ...signalDefaults, ...signals, dataDrift: { ...signalDefaults.dataDrift, ...signals.dataDrift } },
  };
}
