import type { SignalVerdict } from '../evaluation.ts';
import type { Limits } from '../severity.ts';
import type { BlockEvidence, BlockSides } from './block-evidence.ts';
import type { BinOrder } from './group-sparse-bins.ts';
import type { Interval } from './shift-interval.ts';
import type { ShiftMeasure } from './shift-measure.ts';

export type ShiftBlocks = Omit<BlockSides, 'reference' | 'current'>;

export type ShiftInput = {
  /** Of what, for the sentence: a feature's name. */
  readonly name: string;
  /** Counts of valid values on the same bins. */
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly order: BinOrder;
  /** In the measure's unit. */
  readonly limits: Limits;
  /** @default PSI */
  readonly measure?: ShiftMeasure | undefined;
  /** Significance level of this one test. */
  readonly alpha: number;
  /** Blocks of time, whose rows are not independent of each other. @default rows are independent */
  readonly blocks?: ShiftBlocks | undefined;
  /** Shift (without bias) that the reference shows against itself, below which nothing breaches. @default 0 */
  readonly effectFloor?: number | undefined;
  /** What has to reach the limit: the shift itself or the low end of its interval. @default 'point' */
  readonly effectAt?: 'point' | 'low-end' | undefined;
};

export type JudgedShift = {
  readonly verdict: SignalVerdict;
  /** The shift as it is, with its small-sample bias. */
  readonly value: number;
  /** The shift less what it is expected to be without any shift, ≥ 0. */
  readonly effect: number;
  /** 95 %, of `effect`. */
  readonly interval: Interval;
  /** 0 no shift … 1 a breach, of `effect`. */
  readonly score: number;
  /** null when there is no evidence to be had: one bin, or too few blocks. */
  readonly pValue: number | null;
  /** ≥ 1; 1 for independent rows. */
  readonly designEffect: number;
  /** null when rows are taken as independent. */
  readonly blocks: BlockEvidence['blocks'] | null;
  readonly n: number;
  /** null when the reference is too small to find a breach with any number of rows. */
  readonly nNeeded: number | null;
  readonly effectFloor: number;
  readonly reason: string;
};

export type Unjudged = { readonly verdict: 'insufficient-data'; readonly value: null; readonly reason: string };
