import type { RecordState as RecordStateName } from '../api/graph-types.ts';
import type { StateKind } from '../format/state-kind.ts';
import { State } from './state.tsx';

const states: Readonly<
  Record<RecordStateName, { readonly kind: StateKind; readonly word: string; readonly meaning: string }>
> = {
  placeholder: { kind: 'unknown', word: 'Mentioned only', meaning: 'others refer to it, nobody has described it yet' },
  hydrated: { kind: 'healthy', word: 'Described', meaning: 'a provider gave its full current state' },
  enriched: { kind: 'healthy', word: 'Enriched', meaning: 'described, and relations were inferred from it' },
  tombstone: { kind: 'warning', word: 'Removed', meaning: 'whoever described it no longer has it' },
};

/** How much is known of an entity. */
export function RecordState({ state }: { readonly state: RecordStateName }) {
  const { kind, word, meaning } = states[state];
  return (
    <span title={meaning}>
      <State kind={kind}>{word}</State>
    </span>
  );
}

export function recordStateMeaning(state: RecordStateName): string {
  return states[state].meaning;
}
