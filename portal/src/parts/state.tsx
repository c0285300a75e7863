import type { StateKind } from '../format/state-kind.ts';

/** One shape per state, so that it is seen without colour: disc, triangle, diamond, dashed ring, half-filled ring. */
export function StateShape({ kind }: { readonly kind: StateKind }) {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      {shapes[kind]}
    </svg>
  );
}

const shapes: Readonly<Record<StateKind, React.ReactNode>> = {
  healthy: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  warning: <path d="M6 1 11.5 11H.5Z" fill="currentColor" />,
  breach: <path d="M6 0 12 6 6 12 0 6Z" fill="currentColor" />,
  unknown: (
    <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.4 2.3" />
  ),
  progress: (
    <>
      <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 2.5a3.5 3.5 0 0 1 0 7Z" fill="currentColor" />
    </>
  ),
};

const kinds: Readonly<Record<string, StateKind>> = {
  healthy: 'healthy',
  ok: 'healthy',
  pass: 'healthy',
  promoted: 'healthy',
  champion: 'healthy',
  succeeded: 'healthy',
  high: 'healthy',
  warning: 'warning',
  'at-risk': 'breach',
  breach: 'breach',
  fail: 'breach',
  failed: 'breach',
  refused: 'breach',
  'rolled-back': 'breach',
  running: 'progress',
  queued: 'progress',
  canary: 'progress',
  validating: 'progress',
  candidate: 'progress',
};

/** What is not a judgement (withdrawn, inconclusive, no data) looks unknown. */
export function kindOf(word: string): StateKind {
  return kinds[word] ?? 'unknown';
}

/** A state as shape, word and colour. */
export function State({ kind, children }: { readonly kind: StateKind; readonly children: React.ReactNode }) {
  return (
    <span className={`state ${kind}`}>
      <StateShape kind={kind} />
      {children}
    </span>
  );
}
