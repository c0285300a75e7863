import type { Policy } from '../registry/policy.ts';
import { breachLimit } from './breach-limit.ts';
import { signalLabels } from './confidence.ts';
import type { Breach, Evaluation, Signal, SignalPart } from './evaluation.ts';
import { countText, figure } from './figures.ts';
import type { Fusion } from './fuse-signals.ts';
import { judgedParts } from './judged-parts.ts';
import { partLabel } from './part-label.ts';
import { scoreAtWorst } from './staleness-score.ts';
import { minimumBlocks } from './verdict/block-evidence.ts';

/** Of one kind; a person acts on the nearest ones. */
const mostSentences = 3;

/**
 * What would change the verdict: how each cause clears, or how near a healthy model is to its limits; then what is
 * missing for a verdict on what could not be measured.
 */
export function wouldChange(
  policy: Policy,
  signals: readonly Signal[],
  fusion: Fusion,
  coverageRatio: Evaluation['coverageRatio'],
): readonly string[] {
  const turns =
    fusion.verdict === 'at-risk'
      ? fusion.breaches.flatMap((breach) => clearingOf(policy, signals, fusion, breach))
      : nearest(policy, signals, fusion);
  return [...new Set([...turns, ...signals.flatMap((signal) => lacking(policy, signal, coverageRatio))])];
}

function clearingOf(policy: Policy, signals: readonly Signal[], fusion: Fusion, breach: Breach): readonly string[] {
  const signal = signals.find(({ name }) => name === breach.cause);
  const after = afterText(policy, breach);
  if (breach.cause === 'staleness-score') {
    const { stalenessThreshold, hysteresis } = policy;
    const now = scoreAtWorst(policy, signals);
    const limit = figure(hysteresis.clearRatio * stalenessThreshold);
    const worst = signals.some(({ score }) => score === null) ? ', missing signals at their worst' : '';
    return [`${after} with a staleness score below ${limit} (now ${now === null ? 'unknown' : figure(now)}${worst})`];
  }
  if (breach.cause === 'age') return ['clears with a version that is trained on newer data'];
  if (signal === undefined || signal.score === null)
    return [`${after} once ${signalLabels[breach.cause]} is measured again (${signal?.reason ?? 'not measured'})`];
  const trust = fusion.confidence.level === 'low' ? ', when the confidence is no longer low' : '';
  const open = openParts(policy, signal, breach);
  if (open.length === 0) return [`${after} like this one${trust}`];
  const all = open.map((part) => condition(policy, signal, part));
  const told = all.slice(0, mostSentences).join(' and ');
  const more = all.length > mostSentences ? ` and ${all.length - mostSentences} more likewise` : '';
  return [`${after} with ${told}${more}${trust}`];
}

/** `clears after 2 evaluations`, `clears after 1 more evaluation` */
function afterText({ hysteresis }: Policy, { clearEvaluations }: Breach): string {
  const left = hysteresis.clearEvaluations - clearEvaluations;
  if (left === 1) return `clears after 1 ${clearEvaluations > 0 ? 'more ' : ''}evaluation`;
  return `clears after ${left}${clearEvaluations > 0 ? ' more' : ''} evaluations in a row`;
}

/** What still stands between the signal and clearing, the largest effects first. */
function openParts(policy: Policy, signal: Signal, breach: Breach): readonly SignalPart[] {
  const isOpen = (part: SignalPart) =>
    part.verdict === 'breach' ||
    (breach.parts.includes(partLabel(part)) &&
      (part.verdict === 'insufficient-data' || (part.effect ?? 0) >= policy.hysteresis.clearRatio));
  return judgedParts(policy, signal)
    .filter(isOpen)
    .toSorted((a, b) => (b.effect ?? 0) - (a.effect ?? 0));
}

/** `PSI of origin below 0.2 (now 0.31)` */
function condition(policy: Policy, signal: Signal, part: SignalPart): string {
  const { label, limit } = breachLimit(policy, signal.name, part);
  if (part.verdict === 'insufficient-data') return `${label} measured again (${part.reason})`;
  const now = part.effect === undefined || part.effect === null ? '' : ` (now ${figure(part.effect * limit)})`;
  return `${label} below ${figure(policy.hysteresis.clearRatio * limit)}${now}`;
}

function nearest(policy: Policy, signals: readonly Signal[], { stalenessScore }: Fusion): readonly string[] {
  const parts = signals
    .filter(({ name, score }) => score !== null && policy.signals[name].decisive)
    .flatMap((signal) => judgedParts(policy, signal).map((part) => ({ signal, part })))
    .filter(({ part }) => part.verdict !== 'insufficient-data' && (part.effect ?? 0) > 0)
    .toSorted((a, b) => (b.part.effect ?? 0) - (a.part.effect ?? 0));
  const [first] = parts;
  const { stalenessThreshold } = policy;
  return [
    ...(first === undefined ? [] : [`at risk with ${reaching(policy, first.signal, first.part)}`]),
    ...(stalenessScore === null
      ? []
      : [`at risk with a staleness score of ${stalenessThreshold} (now ${figure(stalenessScore)})`]),
  ];
}

function reaching(policy: Policy, signal: Signal, part: SignalPart): string {
  const { label, limit } = breachLimit(policy, signal.name, part);
  return `${label} at ${figure(limit)} (now ${figure((part.effect ?? 0) * limit)}) and evidence for it`;
}

function lacking(policy: Policy, signal: Signal, coverageRatio: number | null): readonly string[] {
  const { minimumCoverageRatio } = policy.signals.performance;
  const isUncovered = coverageRatio !== null && coverageRatio < minimumCoverageRatio;
  if (signal.score === null && signal.name === 'performance' && isUncovered)
    return [`needs outcomes: coverage ${figure(coverageRatio)}, trusted from ${minimumCoverageRatio}`];
  const ofParts = judgedParts(policy, signal)
    .filter(({ verdict }) => verdict === 'insufficient-data')
    .flatMap((part) => [...daysLacking(part), ...rowsLacking(part, partLabel(part))].slice(0, 1))
    .toSorted((a, b) => a.rows - b.rows);
  if (ofParts.length > 0) return ofParts.slice(0, mostSentences).map(({ text }) => text);
  return signal.score === null ? rowsLacking(signal, signalLabels[signal.name]).map(({ text }) => text) : [];
}

/** `3 more days would allow a verdict on amount`: there may be rows enough, but not of days enough. */
function daysLacking(part: SignalPart) {
  const { blocks, window } = part;
  if (blocks === undefined || window === 'short' || blocks.current >= minimumBlocks) return [];
  const days = minimumBlocks - blocks.current;
  return [{ rows: 0, text: `${days} more ${days === 1 ? 'day' : 'days'} would allow a verdict on ${partLabel(part)}` }];
}

/** `1,240 more rows would allow a verdict on amount` */
function rowsLacking({ n, nNeeded }: Pick<SignalPart, 'n' | 'nNeeded'>, about: string) {
  if (n === undefined || nNeeded === undefined || nNeeded === null || nNeeded <= n) return [];
  const rows = Math.ceil(nNeeded - n);
  return [{ rows, text: `${countText(rows)} more rows would allow a verdict on ${about}` }];
}
