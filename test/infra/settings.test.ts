import { describe, expect, it } from 'vitest';
import { defaultSettings, parseSettings, readSettings, settingNames } from '../../infra/settings.ts';

/** As far as settings are concerned; loading the CDK would take longer than all tests here. */
const appWith = (context: Record<string, unknown>) => ({ node: { getAllContext: () => context } });

describe("a stage's settings", () => {
  it('are the defaults when nothing is set', () => {
    const settings = parseSettings({});
    expect(settings).toMatchObject(defaultSettings);
    expect(Object.keys(settings)).toEqual(settingNames);
  });

  it('take numbers as text, as the command line gives them', () => {
    expect(parseSettings({ streamShards: '4', graphMinimumCapacity: '2.5' })).toMatchObject({
      streamShards: 4,
      graphMinimumCapacity: 2.5,
    });
  });

  it('come from the file of the stage, and the command line overrides it', () => {
    expect(readSettings(appWith({ stage: 'prod' }))).toMatchObject({
      stage: 'prod',
      logRetentionDays: 90,
    });
    const overridden = readSettings(appWith({ stage: 'prod', logRetentionDays: '7' }));
    expect(overridden.logRetentionDays).toBe(7);
  });

  it('take an empty text as taking an optional setting back', () => {
    expect(parseSettings({ alarmEmail: '' }).alarmEmail).toBeUndefined();
  });

  it.each([
    [{ stage: 'Prod!' }, 'setting stage: expected up to 12 lower-case letters or digits, got "Prod!"'],
    [{ removal: 'maybe' }, 'setting removal: expected retain or destroy, got "maybe"'],
    [{ alarmEmail: 'nobody' }, 'setting alarmEmail: expected an e-mail address, got "nobody"'],
    [{ logRetentionDays: 31 }, 'setting logRetentionDays: expected one of 1, 3, 5'],
    [{ scanIntervalMinutes: 0 }, 'setting scanIntervalMinutes: expected a whole number from 1, got 0'],
    [{ streamShards: '' }, 'setting streamShards: expected a whole number from 1 to 10000, got ""'],
    [{ joinParallelization: 11 }, 'expected a whole number from 1 to 10, got 11'],
    [{ graphMinimumCapacity: 1.2 }, 'expected a number from 1 to 128 in steps of 0.5, got 1.2'],
    [{ graphMinimumCapacity: 20 }, 'setting graphMinimumCapacity: expected at most 16, got 20'],
    [{ apiDomain: 'api.example.com' }, 'settings apiDomain and apiCertificateArn: expected both or neither'],
    [{ oidcIssuer: 'http://issuer.example' }, 'setting oidcIssuer: expected an https URL'],
    [
      { portalCertificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/a' },
      "expected an ACM certificate's ARN (us-east-1)",
    ],
    [{ scanInterval: 5 }, 'no such setting: scanInterval; docs/deploy.md lists them'],
  ])('refuse %j', (given, message) => {
    expect(() => parseSettings(given)).toThrow(message);
  });

  it('refuse a misspelt name on the command line and leave the context of the CLI alone', () => {
    expect(() => readSettings(appWith({ alarmMail: 'a@b.cd' }))).toThrow('no such setting: alarmMail');
    expect(() => readSettings(appWith({ '@aws-cdk/core:x': true, 'cli-telemetry': false }))).not.toThrow();
  });
});
