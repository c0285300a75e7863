import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reviewWithNag } from './nag-reviews.ts';

const reviews = reviewWithNag();

describe.each(['plain', 'everything'] as const)('the rules of cdk-nag, on a stage that sets %s', (settings) => {
  const { open, accepted, stale, check } = reviews[settings];

  it('find nothing that is not accepted', () => {
    expect(open).toEqual([]);
  });

  it('still find everything that is accepted', () => {
    expect(stale).toEqual([]);
    expect(accepted.length).toBeGreaterThan(50);
    expect(check).toBe('passes');
  });

  it('are left alone for a reason in words', () => {
    expect(accepted.filter(({ reason }) => reason.split(/\s+/).length < 4)).toEqual([]);
  });
});

describe('the check', () => {
  it('runs whenever the CDK synthesizes, and so before it deploys', () => {
    expect(JSON.parse(readFileSync('cdk.json', 'utf8'))).toMatchObject({ app: 'node infra/app.ts --nag' });
  });

  it('finds a public bucket and a wildcard action', () => {
    const { open, check } = reviews.careless;
    for (const rule of ['S1', 'S2', 'S10', 'IAM5[Action::s3:*]', 'IAM5[Resource::<Bucket83908E77.Arn>/*]'])
      expect(open).toContain(`AwsSolutions-${rule}`);
    expect(check).toBe('fails');
  });

  it('leaves what was accepted, where it was accepted, and nothing beside it', () => {
    const { open, stale } = reviews.carelessAndAccepted;
    expect(open.filter((rule) => rule.includes('Resource::'))).toEqual([]);
    expect(open).toEqual(expect.arrayContaining(['AwsSolutions-S2', 'AwsSolutions-IAM5[Action::s3:*]']));
    expect(stale.map(({ rule }) => rule)).toEqual(['AwsSolutions-S2']);
  });

  it('fails on an acceptance of what is no longer found', () => {
    const { open, stale, check } = reviews.emptyAndAccepted;
    expect(open).toEqual([]);
    expect(stale.map(({ rule }) => rule)).toEqual(['AwsSolutions-S1']);
    expect(check).toBe('fails');
  });
});
