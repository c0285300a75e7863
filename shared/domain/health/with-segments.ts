import type { Signal, SignalPart } from './evaluation.ts';
import { worstVerdict } from './severity.ts';

/** A signal of the rows of one segment alone. */
export type SegmentSignal = { readonly segment: string; readonly signal: Signal };

/**
 * The signal with what its segments say, each judged as the whole is. One of them in breach is a breach; that a segment
 * found nothing, or had too few rows, leaves the signal as it is.
 */
export function withSegments(signal: Signal, segments: readonly SegmentSignal[]): Signal {
  const held = { ...signal, parts: [...signal.parts, ...segments.flatMap(partsOf)] };
  const found = segments.filter((each) => each.signal.verdict === 'breach' || each.signal.verdict === 'warning');
  const verdict = worstVerdict([signal.verdict, ...found.map((each) => each.signal.verdict)]);
  const leading = found
    .filter((each) => each.signal.verdict === verdict)
    .toSorted((a, b) => (b.signal.effect ?? 0) - (a.signal.effect ?? 0));
  const [worst] = leading;
  if (worst === undefined) return held;
  const told = leading.map(({ segment, signal: { reason } }) => `in segment ${segment}: ${reason}`).join('; ');
  const score = Math.max(signal.score ?? 0, ...leading.map((each) => each.signal.score ?? 0));
  if (signal.verdict === verdict) return { ...held, score, reason: `${signal.reason}; ${told}` };
  const { evidence, effect, value } = worst.signal;
  return { ...held, verdict, score, evidence, effect, value: signal.value ?? value, reason: told };
}

function partsOf({ segment, signal }: SegmentSignal): readonly SignalPart[] {
  if (signal.parts.length > 0) return signal.parts.map((part) => ({ ...part, segment }));
  const { verdict, reason } = signal;
  return [{ name: 'rows', value: signal.n, reference: null, evidence: null, verdict, reason, segment }];
}
