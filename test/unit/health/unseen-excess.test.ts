import { expect, it } from 'vitest';
import { buildBaseline } from '../../../shared/domain/health/build-baseline.ts';
import { unseenExcess } from '../../../shared/domain/health/unseen-excess.ts';

it('lets pass twice as many unseen rows as the categories that came once let expect', () => {
  expect(unseenExcess(10, 100, 0.05)).toBe(0);
  expect(unseenExcess(30, 100, 0.05)).toBe(20);
});

it('counts every unseen row where the reference has all its categories more than once', () => {
  expect(unseenExcess(3, 100, 0)).toBe(3);
});

it('is known to a baseline of categories that came once', () => {
  const rows = ['a', 'a', 'b', 'c', null].map((plan) => ({ features: { plan, amount: 1 }, score: 0.5 }));
  const features = [
    { name: 'plan', type: 'categorical', required: false, importance: 1 },
    { name: 'amount', type: 'numeric', required: true, importance: 1 },
  ] as const;
  const window = {
    modelId: 'm',
    version: 1,
    taskType: 'binary',
    from: '2001-01-01T00:00:00.000Z',
    to: '2001-01-08T00:00:00.000Z',
  } as const;
  expect(buildBaseline({ ...window, features, rows }).singletonRatios).toEqual({ plan: 0.5 });
});
