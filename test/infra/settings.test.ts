import { readFileSync, rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultSettings, parseSettings, readSettings, settingNames } from '../../infra/settings.ts';
import { routes } from '../../shared/routes.ts';
import { canaryHeadings, runEventHeadings } from './canary-headings.ts';
import { resourcesOf, synthesize } from './synthesize.ts';
import { orderOf, stackDependencies } from './template-graph.ts';

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
    [{ joinWindowSeconds: 301 }, 'expected a whole number from 0 to 300, got 301'],
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

  it.each([
    [{ maestro: { kind: 'maestro' } }, 'orchestrators.maestro.baseUrl'],
    [{ maestro: { kind: 'airflow', baseUrl: 'https://a.b' } }, 'orchestrators.maestro.kind'],
    [{ maestro: { kind: 'maestro', baseUrl: 'https://a.b', token: 'x' } }, 'expected baseUrl, user, secretArn'],
    [{ 'training-queue': { kind: 'maestro', baseUrl: 'https://a.b' } }, 'not training-queue'],
    [{ maestro: { kind: 'maestro', baseUrl: 'https://a.b', maxConcurrentRetrains: 0 } }, 'a whole number from 1'],
    [{ flows: { kind: 'step-functions', stateMachineArns: [] } }, 'stateMachineArns'],
    ['{', 'expected JSON'],
    [[], 'expected an object'],
  ])('refuse the connections %j', (orchestrators, message) => {
    expect(() => parseSettings({ orchestrators })).toThrow(message);
  });

  it.each([
    [{ ranker: 'ranker' }, "setting sagemakerEndpoints.ranker: expected an endpoint's ARN"],
    [{ 'Ranker!': 'arn:aws:sagemaker:eu-west-1:123456789012:endpoint/a' }, "expected models' names"],
    ['{', 'expected an object'],
    [[], 'expected an object'],
  ])('refuse the endpoints %j', (sagemakerEndpoints, message) => {
    expect(() => parseSettings({ sagemakerEndpoints })).toThrow(message);
  });

  it('refuse more endpoints than a function can be told of', () => {
    const arn = (i: number) => `arn:aws:sagemaker:eu-west-1:123456789012:endpoint/e${i}`;
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`m${i}`, arn(i)]));
    expect(() => parseSettings({ sagemakerEndpoints: many })).toThrow('at most 2000 characters in all');
  });

  it('refuse a misspelt name on the command line and leave the context of the CLI alone', () => {
    expect(() => readSettings(appWith({ alarmMail: 'a@b.cd' }))).toThrow('no such setting: alarmMail');
    expect(() => readSettings(appWith({ '@aws-cdk/core:x': true, 'cli-telemetry': false }))).not.toThrow();
  });
});

describe('a stage with its own names and its own issuer', () => {
  const certificate = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/aaaa`;
  const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:maestro-AbCdEf';
  const machine = 'arn:aws:states:eu-west-1:123456789012:stateMachine:RankerTrainFlow';
  const topic = 'arn:aws:sns:eu-west-1:123456789012:maestro-events';
  const orchestrators = {
    maestro: {
      kind: 'maestro',
      baseUrl: 'https://maestro.example.com',
      secretArn,
      eventTopicArn: topic,
      maxConcurrentRetrains: 20,
    },
    flows: { kind: 'metaflow-step-functions', stateMachineArns: [machine] },
  };
  const signingKey = 'arn:aws:kms:eu-west-1:123456789012:key/0f1e2d3c';
  const endpoint = 'arn:aws:sagemaker:eu-west-1:123456789012:endpoint/ranker';
  const { directory, templates } = synthesize([
    'apiDomain=api.example.com',
    `apiCertificateArn=${certificate('eu-west-1')}`,
    'portalDomain=runway.example.com',
    `portalCertificateArn=${certificate('us-east-1')}`,
    'hostedZoneId=Z0123456789ABCDEFGHIJ',
    'hostedZoneName=example.com',
    'oidcIssuer=https://login.example.com',
    'oidcAudience=runway',
    'rolesClaim=roles',
    'streamMode=on-demand',
    'alarmEmail=oncall@example.com',
    'detectionCanary=on',
    'batchJoin=off',
    `orchestrators=${JSON.stringify(orchestrators)}`,
    `routingSigningKeyArn=${signingKey}`,
    `sagemakerEndpoints=${JSON.stringify({ ranker: endpoint })}`,
  ]);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const all = (type: string) => resourcesOf(templates, type).map(([, { Properties }]) => Properties ?? {});

  it('answers under them, with records in the zone', () => {
    expect(all('AWS::ApiGatewayV2::DomainName')).toMatchObject([{ DomainName: 'api.example.com' }]);
    expect(all('AWS::CloudFront::Distribution')).toMatchObject([
      { DistributionConfig: { Aliases: ['runway.example.com'] } },
    ]);
    const records = all('AWS::Route53::RecordSet').map(({ Name }) => Name);
    expect(records.toSorted()).toEqual(['api.example.com.', 'runway.example.com.']);
    expect(templates.get('Runway-dev-Api')?.Outputs?.ApiUrl).toEqual({ Value: 'https://api.example.com' });
  });

  it('is deployed stack after stack too', () => {
    expect(orderOf(stackDependencies(templates)).at(-1)).toBe('Runway-dev-Monitoring');
    expect(templates.size).toBe(9);
    for (const [stack, { Resources }] of templates)
      expect(Object.keys(Resources).length, stack).toBeLessThanOrEqual(450);
  });

  it('lets two functions reach its orchestrators, and nothing else of them', () => {
    const statements = all('AWS::IAM::Policy').flatMap(({ PolicyDocument }) => Object(PolicyDocument).Statement);
    const allowing = (resource: string) =>
      statements.filter(({ Resource }) => [Resource].flat().includes(resource)).map(({ Action }) => Action);
    expect(allowing(secretArn)).toEqual(['secretsmanager:GetSecretValue', 'secretsmanager:GetSecretValue']);
    expect(allowing(machine)).toEqual(['states:StartExecution', 'states:StartExecution']);
    const runs = `${machine.replace('stateMachine', 'execution')}:*`;
    expect(allowing(runs)).toEqual(Array(2).fill(['states:DescribeExecution', 'states:StopExecution']));
  });

  it('hears what its orchestrators tell of their runs, in one queue', () => {
    expect(all('AWS::SNS::Subscription').filter(({ TopicArn }) => TopicArn === topic)).toMatchObject([
      { Protocol: 'sqs', RawMessageDelivery: true },
    ]);
    expect(
      all('AWS::Events::Rule').filter(({ EventPattern }) => Object(EventPattern).source?.[0] === 'aws.states'),
    ).toMatchObject([{ EventPattern: { detail: { stateMachineArn: [machine] } } }]);
    const rules = all('AWS::Events::Rule').filter(
      ({ EventPattern }) => Object(EventPattern).source?.[0] === 'aws.sagemaker',
    );
    expect(rules).toEqual([]);
    const told = all('AWS::CloudWatch::Alarm').map(({ AlarmDescription }) => String(AlarmDescription).split(':')[0]);
    expect(told).toEqual(expect.arrayContaining([...runEventHeadings]));
  });

  it('limits the retrains of each orchestrator', () => {
    const limits = all('AWS::Lambda::Function').flatMap(
      ({ Environment }) => Object(Environment).Variables?.MAX_CONCURRENT_RETRAINS_PER_ORCHESTRATOR ?? [],
    );
    expect(new Set(limits)).toEqual(new Set([JSON.stringify({ each: 50, exceptions: { maestro: 20 } })]));
  });

  it('lets whoever publishes routing sign it and weigh the variants of its endpoints, and nobody else', () => {
    const policies = all('AWS::IAM::Policy').map(({ PolicyDocument }) => Object(PolicyDocument).Statement as unknown[]);
    const statements = (found: unknown[]) => found.map((statement) => Object(statement));
    const publishes = ({ Resource }: Record<string, unknown>) => JSON.stringify(Resource).includes('/routing/*');
    const publishers = policies.filter((found) =>
      statements(found).some((statement) => publishes(statement) && [statement.Action].flat().includes('s3:PutObject')),
    );
    expect(publishers.length).toBeGreaterThan(5);
    const allowed = (found: unknown[], resource: string) =>
      statements(found).find(({ Resource }) => Resource === resource)?.Action;
    for (const found of publishers) {
      expect(allowed(found, signingKey)).toBe('kms:Sign');
      expect(allowed(found, endpoint)).toEqual([
        'sagemaker:DescribeEndpoint',
        'sagemaker:UpdateEndpointWeightsAndCapacities',
      ]);
    }
    const others = policies.filter((found) => !publishers.includes(found));
    expect(JSON.stringify(others)).not.toMatch(/kms:Sign|sagemaker:Update/);
  });

  it('shows the alarms of its canary on the dashboard', () => {
    const [dashboard] = all('AWS::CloudWatch::Dashboard');
    expect(JSON.stringify(dashboard)).toMatch(/\["[^"]*DetectionSlow[^"]*","Arn"\]/);
  });

  it('joins dates on demand only, and misses no daily join', () => {
    const schedules = all('AWS::Scheduler::Schedule').filter(({ State }) => State === 'DISABLED');
    expect(schedules).toMatchObject([{ Description: 'Joins the event dates that may have changed' }]);
    const names = all('AWS::CloudWatch::Alarm').map(({ AlarmDescription }) => String(AlarmDescription).split(':')[0]);
    expect(names).not.toContain('Batch join late');
  });

  it('watches how fast its canary tenant is told of drift', () => {
    const told = all('AWS::CloudWatch::Alarm').map(({ AlarmDescription }) => String(AlarmDescription).split(':')[0]);
    expect(told).toEqual(expect.arrayContaining([...canaryHeadings]));
  });

  it('trusts that issuer, and reads roles where it writes them', () => {
    expect(all('AWS::ApiGatewayV2::Authorizer')).toMatchObject([
      { JwtConfiguration: { Issuer: 'https://login.example.com', Audience: ['runway'] } },
    ]);
    const reading = all('AWS::Lambda::Function').filter((made) =>
      JSON.stringify(made.Environment).includes('"ROLES_CLAIM":"roles"'),
    );
    const called = new Set(Object.values(routes).map((route) => `functions/${route.function}.ts`));
    expect(reading.map(({ Description }) => Description)).toEqual(expect.arrayContaining([...called]));
  });

  it('mails its alarms, and has a stream that scales by itself', () => {
    expect(all('AWS::SNS::Subscription').filter((made) => made.Protocol === 'email')).toMatchObject([
      { Protocol: 'email', Endpoint: 'oncall@example.com' },
    ]);
    expect(all('AWS::Kinesis::Stream')).toMatchObject([{ StreamModeDetails: { StreamMode: 'ON_DEMAND' } }]);
  });
});

describe('docs/deploy.md', () => {
  it('has every setting with its default in its table', () => {
    const rows = [...readFileSync('docs/deploy.md', 'utf8').matchAll(/^\| `(\w+)` +\| (.*?) +\|/gm)];
    const defaults: Readonly<Record<string, unknown>> = defaultSettings;
    const documented = rows.map(([, name = '', value]) => [name, value]);
    const shown = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
    expect(documented).toEqual(
      settingNames.map((name) => [name, defaults[name] === undefined ? 'none' : `\`${shown(defaults[name])}\``]),
    );
  });
});
