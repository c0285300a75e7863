import { describe, expect, it } from 'vitest';
import { defaultPolicy, type Policy, policySchema } from '../../../shared/domain/registry/policy.ts';
import { gateProblems } from '../../../shared/domain/rollout/gates/gate.ts';
import { type HoldoutTerms, validateHoldout } from '../../../shared/domain/rollout/validate-holdout.ts';
import { linesOf } from '../../../shared/use-cases/rollout/lines-of.ts';
import { hour } from './flight-rollouts.ts';
import { uniform } from './seeded.ts';

type Validation = Policy['validation'];
type Shape = {
  readonly championError: number;
  readonly candidateError: number;
  readonly rows?: number;
  /** Added to the candidate's error at one airline. */
  readonly worseAt?: string;
  /** How much the candidate's scores are off on every second day. */
  readonly dayShift?: number;
};

const airlines = ['AA', 'DL', 'HP', 'UA'];

/** Six days; a row is late with probability `truth`, which each version sees with its own error. */
function holdout({ championError, candidateError, rows = 6_000, worseAt, dayShift = 0 }: Shape): readonly string[] {
  const next = uniform(7);
  return Array.from({ length: rows }, (_, index) => {
    const at = (index * 144) / rows;
    const airline = airlines[index % airlines.length]!;
    const truth = 0.05 + 0.5 * next();
    const seen = (error: number) => Math.min(0.99, Math.max(0.01, truth + error * (next() - 0.5)));
    const shift = Math.floor(at / 24) % 2 === 0 ? dayShift : -dayShift;
    const candidateScore = seen(candidateError + (airline === worseAt ? 1.2 : 0)) + shift;
    return JSON.stringify({
      predictionId: `f${index}`,
      predictedAt: hour(at),
      label: next() < truth ? 1 : 0,
      championScore: seen(championError),
      candidateScore: Math.min(0.99, Math.max(0.01, candidateScore)),
      segments: { airline },
    });
  });
}

function judge(shape: Shape, policy: Partial<Validation>, attempts = 1) {
  return validateHoldout(holdout(shape), {
    taskType: 'binary',
    policy: { nonInferiorityMarginRatio: 0.02, minimumHoldoutRows: 500, ...policy },
    trainingDataEnd: hour(-1),
    attempts,
  });
}

const better = { championError: 0.6, candidateError: 0.1 } as const;

describe('validation gates', () => {
  it('leave the verdict as it is where the policy has none', () => {
    const { gates, slices, verdict } = judge(better, {});
    expect({ gates, slices, verdict }).toEqual({ gates: undefined, slices: undefined, verdict: 'pass' });
  });

  it('pass an improvement that the interval proves, and tell test, interval and n', () => {
    const { verdict, gates, reason } = judge(better, {
      gates: [
        { metric: 'auc', minimumImprovement: 0.01 },
        { metric: 'accuracy', maximumRegression: 0.01 },
        { metric: 'brier-score', maximumRegression: 0, test: 'wilcoxon' },
      ],
    });
    expect(verdict).toBe('pass');
    expect(gates!.map(({ test, verdict }) => [test, verdict])).toEqual([
      ['DeLong', 'pass'],
      ['McNemar, mid-p', 'pass'],
      ['Wilcoxon signed-rank', 'pass'],
    ]);
    expect(gates![0]).toMatchObject({ metric: 'auc', limit: 0.01, n: 6_000 });
    expect(gates![0]!.interval![0]).toBeGreaterThan(0.01);
    expect(reason).toMatch(
      /^paired loss pass .*; auc pass \(0\.\d+ to 0\.\d+, improvement 0\.\d+ to 0\.\d+, limit 0\.01/,
    );
  });

  it('do not pass an improvement that is not large enough, although the loss passes', () => {
    const { verdict, gates } = judge(better, { gates: [{ metric: 'auc', minimumImprovement: 0.2 }] });
    expect(verdict).toBe('fail');
    expect(gates![0]!.interval![1]).toBeLessThan(0.2);
  });

  it('are inconclusive where rows are too few to tell', () => {
    const few = judge(
      { championError: 0.3, candidateError: 0.3, rows: 600 },
      {
        gates: [{ metric: 'accuracy', maximumRegression: 0.001 }],
        nonInferiorityMarginRatio: 0.5,
      },
    );
    expect(few).toMatchObject({ verdict: 'inconclusive', gates: [{ verdict: 'inconclusive' }] });
  });

  it('are inconclusive, not passed, where a class is missing', () => {
    const lines = holdout({ ...better, rows: 600 }).map((line) => line.replace(/"label":1/, '"label":0'));
    const { gates } = validateHoldout(lines, {
      taskType: 'binary',
      policy: {
        nonInferiorityMarginRatio: 0.02,
        minimumHoldoutRows: 500,
        gates: [{ metric: 'auc', maximumRegression: 0.1 }],
      },
      trainingDataEnd: hour(-1),
    });
    expect(gates![0]).toMatchObject({
      verdict: 'inconclusive',
      interval: null,
      reason: 'auc inconclusive: needs two rows of each class, has 0 positive ones of 600',
    });
  });

  it('widen the interval by what rows of a day have in common', () => {
    const gates = [{ metric: 'log-loss', maximumRegression: 0.01 }] as const;
    const width = (shape: Shape) => {
      const [low, high] = judge(shape, { gates: [...gates] }).gates![0]!.interval!;
      return high - low;
    };
    const calm = { championError: 0.2, candidateError: 0.2 };
    expect(width({ ...calm, dayShift: 0.15 })).toBeGreaterThan(3 * width(calm));
  });

  it('judge the third candidate on one hold-out at a third of the level', () => {
    const width = (attempts: number) => {
      const [low, high] = judge(better, { gates: [{ metric: 'auc', maximumRegression: 0.01 }] }, attempts).gates![0]!
        .interval!;
      return high - low;
    };
    expect(width(3)).toBeGreaterThan(1.2 * width(1));
  });
});

describe('slices', () => {
  const slices: NonNullable<Validation['slices']> = [
    { segment: 'airline', metric: 'brier-score', maximumRegression: 0.005 },
  ];

  it('pass where no value of the segment is shown to have regressed', () => {
    const result = judge(better, { slices });
    expect(result).toMatchObject({ verdict: 'pass', slices: { verdict: 'pass', judged: 4, thin: 0 } });
    expect(result.reason).toContain('slices pass (4 judged)');
  });

  it('refuse a candidate that is better on the whole and worse at one airline', () => {
    const result = judge({ championError: 0.9, candidateError: 0.05, worseAt: 'HP' }, { slices });
    expect(result.paired.relativeDifference).toBeLessThan(0);
    expect(result).toMatchObject({ verdict: 'fail', slices: { verdict: 'fail' } });
    expect(result.slices!.worst[0]).toMatchObject({ value: 'HP', regressed: true });
    expect(result.slices!.worst.filter(({ regressed }) => regressed)).toHaveLength(1);
    expect(result.reason).toMatch(
      /slices fail \(1 of 4 regressed: airline "HP": brier-score 0\.\d+ worse on 1500 rows\)/,
    );
  });

  it('list slices with too few rows and are inconclusive where all are', () => {
    const result = judge(better, { slices: [{ ...slices[0]!, minimumRows: 2_000 }] });
    expect(result).toMatchObject({ verdict: 'inconclusive', slices: { judged: 0, thin: 4 } });
  });

  it('fail a hold-out whose rows do not name the segment, or that names more values than a segment has', () => {
    const terms: HoldoutTerms = {
      taskType: 'binary',
      policy: { nonInferiorityMarginRatio: 0.02, minimumHoldoutRows: 500, slices: [...slices] },
      trainingDataEnd: hour(-1),
    };
    const [line] = holdout({ ...better, rows: 4 });
    const { segments: _, ...unnamed } = JSON.parse(line!) as Record<string, unknown>;
    expect(validateHoldout([JSON.stringify(unnamed)], terms)).toMatchObject({
      verdict: 'fail',
      reason: "line 1 of the hold-out: segments.airline: expected the row's value, received none",
    });
    const many = Array.from({ length: 201 }, (_, index) =>
      JSON.stringify({ ...unnamed, predictionId: `f${index}`, segments: { airline: `a${index}` } }),
    );
    expect(validateHoldout(many, terms).reason).toBe(
      'line 201 of the hold-out: segments.airline: expected at most 200 values in all',
    );
  });
});

describe('a policy with gates', () => {
  const policyOf = (validation: unknown) => policySchema.safeParse({ ...defaultPolicy(1), validation });
  const { validation } = defaultPolicy(1);

  it('states either an improvement or a regression', () => {
    expect(policyOf({ ...validation, gates: [{ metric: 'auc', maximumRegression: 0 }] }).success).toBe(true);
    expect(policyOf({ ...validation, gates: [{ metric: 'auc' }] }).success).toBe(false);
    const both = { metric: 'auc', maximumRegression: 0, minimumImprovement: 0.1 };
    expect(policyOf({ ...validation, gates: [both] }).success).toBe(false);
  });

  it('names metrics and segments that the model has', () => {
    const gates = {
      gates: [{ metric: 'squared-error', maximumRegression: 1 }],
      slices: [{ segment: 'carrier', metric: 'auc', maximumRegression: 0 }],
    } as const;
    expect(gateProblems(gates, { taskType: 'binary', segments: ['airline'] })).toEqual([
      'squared-error is no metric of a binary model',
      'the model has no segment "carrier"',
    ]);
    expect(gateProblems({}, { taskType: 'binary', segments: [] })).toEqual([]);
  });
});

describe('linesOf', () => {
  it('gives the lines of a text, with and without a line end at its end', () => {
    const lines = (text: string) => [...linesOf(new TextEncoder().encode(text))];
    expect(lines('a\nö\n\nc')).toEqual(['a', 'ö', '', 'c']);
    expect(lines('a\n')).toEqual(['a']);
    expect(lines('')).toEqual([]);
  });
});
