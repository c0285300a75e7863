import { describe, expect, it } from 'vitest';
import { cohortEntry } from '../../../examples/flights/demo/cohorts.ts';

const day = '2001-01-22T00:00:00.000Z';
const now = '2001-01-23T00:00:00.000Z';
const point = {
  n: 900,
  predictions: 1_000,
  maturity: 0.92,
  coverage: { expectedRatio: 0.92 },
  metrics: { logLoss: 0.41 },
};

describe('the truth about a day', () => {
  it('is told with how much of it is there and how much was to be expected', () => {
    expect(cohortEntry('late-basic', day, now, point)).toEqual({
      at: now,
      model: 'late-basic',
      verb: 'truth',
      text: 'of 2001-01-22: 900 of 1000 flights have landed (90.0 %; 92.0 % expected by now, maturity 92.0 %), log loss 0.4100',
    });
  });

  it('says what late labels restate', () => {
    const { text } = cohortEntry('late-basic', day, now, point, { labels: 850, logLoss: 0.4 });
    expect(text).toContain('50 labels more restate log loss 0.4000 to 0.4100');
  });

  it('says so while nobody knows how late labels come', () => {
    const unknown = { ...point, maturity: null, coverage: { expectedRatio: null } };
    expect(cohortEntry('late-basic', day, now, unknown).text).toContain('how many to expect is not known yet');
  });
});
