import type { Policy } from '../registry/policy.ts';
import type { Instant } from '../time.ts';
import type { LabelFacts } from './label-facts.ts';

/** In the order in which they are told. A signal that does not apply to a model is not in its evaluations. */
export const signalNames = [
  'performance',
  'conceptDrift',
  'dataDrift',
  'predictionDrift',
  'trainServeSkew',
  'embeddingInstability',
  'downstreamHealth',
  'estimatedPerformance',
  'age',
] as const;
export type SignalName = (typeof signalNames)[number];
export type SignalVerdict = 'ok' | 'warning' | 'breach' | 'insufficient-data';
export type ConfidenceLevel = 'high' | 'medium' | 'low';

/** What can put a model at risk. */
export type Cause = SignalName | 'staleness-score';

/** One feature or one metric that a signal rests on. */
export type SignalPart = {
  readonly name: string;
  readonly value: number | null;
  readonly reference: number | null;
  readonly evidence: number | null;
  readonly verdict: SignalVerdict;
  readonly reason: string;
  /** Sudden breaks are looked for in a short window, slow ones in the long one. @default 'long' */
  readonly window?: 'short' | 'long';
  /** Of the rows it is about; all rows when absent. */
  readonly segment?: string;
  /** Effect as a share of its breach limit. */
  readonly effect?: number | null;
  /** 95 %, of the effect in the part's own unit. */
  readonly interval?: { readonly low: number; readonly high: number };
  /** Shift that the reference shows against itself, in the same unit; below it nothing breaches. */
  readonly effectFloor?: number;
  readonly n?: number;
  /** null: no number of rows would do. */
  readonly nNeeded?: number | null;
  /** Rows tell as much as n / designEffect independent ones. */
  readonly designEffect?: number;
  /** Blocks of time behind the evidence; absent when rows are taken as independent. */
  readonly blocks?: { readonly reference: number; readonly current: number };
  /** Significance level of this test, from the team's budget. */
  readonly alpha?: number;
  /** Benjamini & Hochberg 1995, over the model's tests of this evaluation. Information, decides nothing. */
  readonly qValue?: number;
};

export type Signal = {
  readonly name: SignalName;
  /** In the signal's own unit (days, PSI, nats, …); null when there is nothing to measure. */
  readonly value: number | null;
  readonly unit: string;
  /** 0 fresh … 1 stale. null exactly when the verdict is `insufficient-data`. */
  readonly score: number | null;
  /** p-value of the evidence test; null where no test applies (age). */
  readonly evidence: number | null;
  /** Largest effect as a share of its breach limit: 1 is at the limit, 0 or less no effect. */
  readonly effect: number | null;
  readonly n: number;
  readonly nNeeded: number;
  /** Share of the labels expected by now that have come, of the cohorts it rests on, 0..1; absent where none are needed. */
  readonly maturity?: number;
  readonly verdict: SignalVerdict;
  /** One sentence a practitioner can act on, e.g. `PSI of originLateRate 0.31 (breach at 0.25, p 1e-40, n 11,213)`. */
  readonly reason: string;
  /** From a sudden break to its evidence, at the traffic of the last hours; null while there is none. */
  readonly detectionHours?: number | null;
  /** Per feature or per metric. */
  readonly parts: readonly SignalPart[];
};

/** A cause of being at risk, from the evaluation that found it until enough others in a row have found it clear. */
export type Breach = {
  readonly cause: Cause;
  /** The evaluation that found it. */
  readonly since: Instant;
  /** Trusted evaluations in a row that found it clear, up to this one; any other sets it back to 0. */
  readonly clearEvaluations: number;
  /** What of the signal breached since then (`partLabel`), at most ten; losing one of them does not clear it. */
  readonly parts: readonly string[];
};

/** Share of a signal in the staleness score. */
export type Contribution = {
  readonly name: SignalName;
  readonly weight: number;
  /** 0 at no effect, 0.5 at the warning, 1 at the breach and beyond, linear between; null when nothing is measured. */
  readonly score: number | null;
  /** weight × score ÷ weight of all measured signals: together they are the staleness score. null without a score. */
  readonly contribution: number | null;
};

/** The levels of the tests, and all that they follow from: the verdict replays without the rest of the fleet. */
export type AlertBudget = {
  /** That the team accepts, of all its models together. */
  readonly falseAlarmsPerWeek: number;
  /** Of all models of the team that served, per window, when this evaluation was made. */
  readonly testsOfTeam: number;
  /** By how much the looks of a week raise the chance of a false alarm, at these levels (docs/calibration.md). */
  readonly looksPerWeek: { readonly short: number; readonly long: number };
  readonly alphaShort: number;
  readonly alphaLong: number;
};

/** What a practitioner can act on. */
export type Explanation = {
  /** Of each cause; empty unless at risk. */
  readonly causes: readonly {
    readonly cause: Cause;
    readonly since: Instant;
    readonly reason: string;
    /** The worst, at most five; what breached before and does so no more comes after what still does. */
    readonly parts: readonly Pick<
      SignalPart,
      'name' | 'window' | 'segment' | 'value' | 'effect' | 'verdict' | 'reason'
    >[];
  }[];
  /** What would change the verdict or make it more certain, the most decisive first. */
  readonly wouldChange: readonly string[];
};

/** A complete, immutable record: everything the verdict rests on. */
export type Evaluation = {
  readonly evaluationId: string;
  readonly modelId: string;
  readonly version: number;
  /** The moment it judges: the schedule's or the request's, or the `asOf` that was asked for. */
  readonly evaluatedAt: Instant;
  readonly kind: 'scheduled' | 'on-demand';
  /** By `predictedAt`, whole hours, of predictions; what needs labels reads as long a window of closed hours, at least eight days. */
  readonly window: { readonly from: Instant; readonly to: Instant };
  readonly policyVersion: number;
  readonly policy: Policy;
  readonly signals: readonly Signal[];
  /** Weighted mean of the available signals' scores; null when none is available. */
  readonly stalenessScore: number | null;
  readonly verdict: 'healthy' | 'at-risk' | 'unknown';
  readonly confidence: { readonly level: ConfidenceLevel; readonly reasons: readonly string[] };
  /** Decisive signals in breach, or `staleness-score`. Empty unless at risk. */
  readonly causes: readonly Cause[];
  /** Behind `causes`, in their order. Absent in records from before it was kept. */
  readonly breaches?: readonly Breach[];
  /** In the order of `signals`. Absent in records from before it was kept. */
  readonly contributions?: readonly Contribution[];
  /** Absent when the policy takes `significance` for each test, and in records from before it was kept. */
  readonly alertBudget?: AlertBudget;
  /** Absent in records from before it was kept. */
  readonly explanation?: Explanation;
  readonly coverageRatio: number | null;
  /** Whether the labels that ought to be there are. Absent while that is not known, and in records from before it was kept. */
  readonly labels?: LabelFacts;
  /** One sentence: verdict, reason, evidence. */
  readonly summary: string;
};
