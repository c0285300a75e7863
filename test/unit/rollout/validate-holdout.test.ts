import { describe, expect, it } from 'vitest';
import { type HoldoutTerms, validateHoldout as validate } from '../../../shared/domain/rollout/validate-holdout.ts';
import { hour } from './flight-rollouts.ts';
import { uniform } from './seeded.ts';

const terms = {
  taskType: 'binary',
  policy: { nonInferiorityMarginRatio: 0.02, minimumHoldoutRows: 500 },
  trainingDataEnd: hour(-1),
} as const;

const validateHoldout = (text: string, its: HoldoutTerms) => validate(text.split('\n'), its);

type Row = { predictionId: string; predictedAt: string; label: number; championScore: number; candidateScore: number };

/** Four days with 500 rows each; a row is late with probability `truth`, which each version sees with its own error. */
function holdout(championError: number, candidateError: number, rows = 2_000): readonly Row[] {
  const next = uniform(31);
  return Array.from({ length: rows }, (_, index) => {
    const truth = 0.05 + 0.5 * next();
    const seen = (error: number) => Math.min(0.99, Math.max(0.01, truth + error * (next() - 0.5)));
    return {
      predictionId: `f${index}`,
      predictedAt: hour((index * 96) / 2_000),
      label: next() < truth ? 1 : 0,
      championScore: seen(championError),
      candidateScore: seen(candidateError),
    };
  });
}

function lines(rows: readonly unknown[]): string {
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

describe('validateHoldout', () => {
  it('passes a candidate that sees better, judged by days', () => {
    const { verdict, paired } = validateHoldout(lines(holdout(0.6, 0.1)), terms);
    expect(verdict).toBe('pass');
    expect(paired).toMatchObject({ n: 2_000, blocks: 4 });
    expect(paired.relativeDifference).toBeLessThan(-0.02);
  });

  it('gives the tenth candidate on one hold-out a wider interval and says so', () => {
    const rows = lines(holdout(0.6, 0.1));
    const [first, tenth] = [validateHoldout(rows, terms), validateHoldout(rows, { ...terms, attempts: 10 })];
    const width = ({ paired }: typeof first) => paired.interval![1] - paired.interval![0];
    expect(width(tenth)).toBeGreaterThan(1.5 * width(first));
    expect(tenth.reason).toMatch(/; candidate 10 on this hold-out, judged at 0\.05 \/ 10$/);
    expect(first.reason).not.toContain('candidate 1');
  });

  it('fails a sabotaged candidate', () => {
    const inverted = holdout(0.1, 0.1).map((row) => ({ ...row, candidateScore: 1 - row.candidateScore }));
    expect(validateHoldout(lines(inverted), terms).verdict).toBe('fail');
  });

  it('refuses to conclude from fewer rows than the policy asks for', () => {
    const result = validateHoldout(lines(holdout(0.6, 0.1, 499)), terms);
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      reason: 'paired loss inconclusive: needs 500 rows scored by both, has 499',
    });
    expect(validateHoldout('', terms)).toMatchObject({ verdict: 'inconclusive', paired: { n: 0 } });
  });

  it('counts the log loss of both versions, certain mistakes clipped', () => {
    const rows = [0, 24, 48].map((at) => ({
      predictionId: `f${at}`,
      predictedAt: hour(at),
      label: 1,
      championScore: 0.5,
      candidateScore: 0,
    }));
    const { paired } = validateHoldout(lines(rows), { ...terms, policy: { ...terms.policy, minimumHoldoutRows: 3 } });
    expect(paired.championLoss).toBeCloseTo(Math.LN2, 12);
    expect(paired.candidateLoss).toBeCloseTo(-Math.log(1e-15), 9);
  });

  it('counts squared errors of a regression', () => {
    const rows = [0, 24, 48].map((at) => ({
      predictionId: `f${at}`,
      predictedAt: hour(at),
      label: 10,
      championScore: 12,
      candidateScore: 11,
    }));
    const { paired, verdict } = validateHoldout(lines(rows), {
      ...terms,
      taskType: 'regression',
      policy: { ...terms.policy, minimumHoldoutRows: 3 },
    });
    expect(paired).toMatchObject({ championLoss: 4, candidateLoss: 1 });
    expect(verdict).toBe('pass');
  });

  const good: Row = { predictionId: 'f0', predictedAt: hour(0), label: 1, championScore: 0.5, candidateScore: 0.5 };
  it.each([
    ['not JSON', `${lines([good])}\n{`, 'line 2 of the hold-out: row'],
    ['not a label', lines([{ ...good, label: 0.5 }]), 'line 1 of the hold-out: label'],
    ['not a probability', lines([{ ...good, candidateScore: 1.1 }]), 'line 1 of the hold-out: candidateScore'],
    ['without a score', lines([{ ...good, championScore: undefined }]), 'line 1 of the hold-out: championScore'],
    ['twice the same prediction', lines([good, good]), 'line 2 of the hold-out: predictionId "f0" occurs twice'],
    [
      'trained on',
      lines([{ ...good, predictedAt: terms.trainingDataEnd }]),
      "is not later than the candidate's training data",
    ],
  ])('fails a hold-out with a line that is %s', (_, text, reason) => {
    const result = validateHoldout(text, terms);
    expect(result.verdict).toBe('fail');
    expect(result.reason).toContain(reason);
  });
});
