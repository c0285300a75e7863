import type { Signal } from '../../api/types.ts';
import { signalVerdictWords } from '../../format/words.ts';
import { kindOf, State } from '../../parts/state.tsx';

/** A signal's verdict. An estimate without labels that does not warn confirms nothing, so it does not look healthy. */
export function SignalState({ signal: { name, verdict } }: { readonly signal: Pick<Signal, 'name' | 'verdict'> }) {
  if (name === 'estimatedPerformance' && verdict === 'ok') return <State kind="unknown">No warning</State>;
  return <State kind={kindOf(verdict)}>{signalVerdictWords[verdict]}</State>;
}
