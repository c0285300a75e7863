import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { backgroundFunctions } from '../../shared/names.ts';
import { routes } from '../../shared/routes.ts';
import { canaryHeadings, runEventHeadings } from './canary-headings.ts';
import { currentTemplates, resourcesOf } from './synthesize.ts';

const templates = currentTemplates();
const all = (type: string) => resourcesOf(templates, type);
const text = (value: unknown) => JSON.stringify(value);

type Statement = { readonly Action: string | readonly string[]; readonly Resource: unknown; readonly Effect: string };
const statements = all('AWS::IAM::Policy').flatMap(([id, policy]) =>
  (policy.Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement.map((statement) => ({
    id,
    statement,
  })),
);

describe('the synthesized template', () => {
  it('holds eight stacks: state imports from none, each other from some of those before it', () => {
    const imports = (stack: string) =>
      new Set([...text(templates.get(stack)).matchAll(/"Fn::ImportValue":"([\w-]+):/g)].map((match) => match[1]));
    expect([...templates.keys()].toSorted()).toEqual([
      'Runway-dev-Api',
      'Runway-dev-Cascades',
      'Runway-dev-Graph',
      'Runway-dev-GroundTruthBatch',
      'Runway-dev-Monitoring',
      'Runway-dev-Notifications',
      'Runway-dev-Service',
      'Runway-dev-State',
    ]);
    expect(imports('Runway-dev-State')).toEqual(new Set());
    expect(imports('Runway-dev-Service')).toEqual(new Set(['Runway-dev-State']));
    expect(imports('Runway-dev-GroundTruthBatch')).toEqual(new Set(['Runway-dev-State']));
    expect(imports('Runway-dev-Notifications')).toEqual(new Set(['Runway-dev-State', 'Runway-dev-Service']));
    expect(imports('Runway-dev-Graph')).toEqual(new Set(['Runway-dev-State', 'Runway-dev-Service']));
    expect(imports('Runway-dev-Cascades')).toEqual(new Set(['Runway-dev-State', 'Runway-dev-Service']));
    expect(imports('Runway-dev-Api')).toEqual(
      new Set([
        'Runway-dev-State',
        'Runway-dev-Service',
        'Runway-dev-Notifications',
        'Runway-dev-Cascades',
        'Runway-dev-Graph',
      ]),
    );
    expect(imports('Runway-dev-Monitoring')).toEqual(
      new Set([
        'Runway-dev-State',
        'Runway-dev-Service',
        'Runway-dev-Notifications',
        'Runway-dev-Cascades',
        'Runway-dev-Graph',
        'Runway-dev-GroundTruthBatch',
        'Runway-dev-Api',
      ]),
    );
  });

  it('lets the API call a function from its own stack, for its own routes', () => {
    const permissions = all('AWS::Lambda::Permission').filter(([, { Properties }]) =>
      text(Properties).includes('apigateway.amazonaws.com'),
    );
    const own = templates.get('Runway-dev-Api')!.Resources;
    expect(permissions).toHaveLength(all('AWS::ApiGatewayV2::Route').length);
    for (const [id, { Properties }] of permissions) {
      expect(Object.hasOwn(own, id), id).toBe(true);
      expect(text(Properties?.FunctionName)).toMatch(/Runway-dev-(Service|Notifications|Cascades|Graph):/);
    }
  });

  it('has exactly the routes that names.ts lists, and one for what they do not match', () => {
    const keys = all('AWS::ApiGatewayV2::Route').map(([, route]) => route.Properties?.RouteKey);
    const listed = Object.values(routes).map((route) => `${route.method} ${route.path}`);
    expect(keys.toSorted()).toEqual(['$default', ...listed].toSorted());
  });

  it('leaves no route without the JWT authoriser but those that names.ts opens', () => {
    const open = all('AWS::ApiGatewayV2::Route')
      .filter(([, route]) => route.Properties?.AuthorizationType !== 'JWT')
      .map(([, route]) => route.Properties?.RouteKey);
    const opened = Object.values(routes).filter((route) => route.authorizer === 'none');
    expect(open).toEqual([...opened.map((route) => `${route.method} ${route.path}`), '$default']);
  });

  it('has one function for each path that names.ts lists', () => {
    const described = all('AWS::Lambda::Function').map(([, made]) => made.Properties?.Description);
    const expected = new Set([
      ...Object.values(routes).map((route) => route.function),
      ...Object.values(backgroundFunctions),
    ]);
    expect(described.toSorted()).toEqual([...expected].map((name) => `functions/${name}.ts`).toSorted());
  });

  it('grants no wildcard action', () => {
    const wild = statements.filter(({ statement }) => [statement.Action].flat().some((action) => action.includes('*')));
    // S3 and CloudFront grants that CDK writes itself would show here as well.
    expect(wild.map(({ id }) => id)).toEqual([]);
  });

  it('grants on every resource only what has no narrower form', () => {
    const everywhere = statements
      .filter(({ statement }) => text([statement.Resource].flat()).includes('"*"'))
      .flatMap(({ statement }) => [statement.Action].flat());
    const withoutResourceLevel = new Set([
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'dynamodb:ListStreams',
    ]);
    const logDelivery = (action: string) => action.startsWith('logs:');
    expect(everywhere.filter((action) => !withoutResourceLevel.has(action) && !logDelivery(action))).toEqual([]);
  });

  it('gives every function a role of its own', () => {
    const roles = all('AWS::Lambda::Function').map(([, made]) => text(made.Properties?.Role));
    expect(new Set(roles).size).toBe(roles.length);
  });

  it('bounds every stream mapping: batch, window or bisect, attempts, age, failure destination, partial failures', () => {
    const streams = all('AWS::Lambda::EventSourceMapping').filter(
      ([, mapping]) => mapping.Properties?.StartingPosition !== undefined,
    );
    expect(streams).toHaveLength(3);
    for (const [, mapping] of streams) {
      expect(mapping.Properties).toMatchObject({
        BatchSize: expect.any(Number),
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: expect.any(Number),
        MaximumRecordAgeInSeconds: expect.any(Number),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
      });
    }
  });

  it('gives every queue a dead-letter queue, unless it is one', () => {
    const queues = all('AWS::SQS::Queue');
    const referenced = text([...templates.values()]);
    const lonely = queues.filter(
      ([id, queue]) => queue.Properties?.RedrivePolicy === undefined && !/(Failures|DeadLetters|Undelivered)/.test(id),
    );
    expect(lonely.map(([id]) => id)).toEqual([]);
    for (const [id] of queues) expect(referenced).toContain(id);
  });

  it('keeps data: recovery points and deletion protection on every table, retention on what the state stack holds', () => {
    for (const [, table] of all('AWS::DynamoDB::Table')) {
      expect(table.Properties).toMatchObject({
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
      });
      expect(table.DeletionPolicy).toBe('Retain');
    }
    for (const [, bucket] of all('AWS::S3::Bucket')) expect(bucket.DeletionPolicy).toBe('Retain');
  });

  it('names nothing that CloudFormation can name', () => {
    const named = [
      'TableName',
      'QueueName',
      'BucketName',
      'FunctionName',
      'StreamName',
      'RoleName',
      'StateMachineName',
      'SecretName',
    ];
    const given = [...templates.values()]
      .flatMap((template) => Object.entries(template.Resources))
      .filter(
        ([, resource]) =>
          resource.Type !== 'AWS::S3::BucketPolicy' &&
          named.some((property) => typeof resource.Properties?.[property] === 'string'),
      );
    expect(given.map(([id]) => id)).toEqual([]);
  });
});

describe('alarms and runbook', () => {
  const headings = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^## (.+)$/gm)].map((match) => match[1]!);
  const alarms = [...all('AWS::CloudWatch::Alarm'), ...all('AWS::CloudWatch::CompositeAlarm')].map(([id, alarm]) => ({
    id,
    properties: alarm.Properties ?? {},
    description: String(alarm.Properties?.AlarmDescription),
  }));
  const headingOf = ({ description }: { readonly description: string }) => description.split(':')[0]!;
  const watching = (dimension: string) =>
    alarms
      .filter(({ properties }) => text(properties).includes(`"${dimension}"`))
      .map(({ properties }) => text(properties));
  const exportOf = (id: string) =>
    [...templates.values()]
      .flatMap((template) => Object.values(template.Outputs ?? {}))
      .find((output) => output.Export !== undefined && text(output.Value).includes(`"${id}"`))?.Export;

  it('gives every alarm a heading and every heading an alarm', () => {
    expect([...new Set(alarms.map(headingOf)), ...canaryHeadings, ...runEventHeadings].toSorted()).toEqual(
      headings.toSorted(),
    );
  });

  it('says in every description how urgent it is and where to read on', () => {
    for (const alarm of alarms) {
      const anchor = headingOf(alarm).toLowerCase().replaceAll(' ', '-');
      expect(alarm.description).toMatch(new RegExp(`: (.+, )?(page|ticket), see docs/runbook\\.md#${anchor}$`));
    }
  });

  it('tells somebody of every alarm, unless another alarm is made of it', () => {
    const rules = text(alarms.map(({ properties }) => properties.AlarmRule));
    for (const { id, properties } of alarms) {
      if (rules.includes(`"${id}"`)) expect(properties.AlarmActions).toBeUndefined();
      else expect(properties).toMatchObject({ AlarmActions: [expect.anything()], OKActions: [expect.anything()] });
    }
  });

  it.each([
    ['function', 'AWS::Lambda::Function', 'FunctionName'],
    ['dead-letter queue', 'AWS::SQS::Queue', 'QueueName'],
    ['workflow', 'AWS::StepFunctions::StateMachine', 'StateMachineArn'],
  ])('watches every %s', (_kind, type, dimension) => {
    const watched = watching(dimension).join();
    const made = all(type).filter(
      ([id]) => type !== 'AWS::SQS::Queue' || /(Failures|DeadLetters|Undelivered)/.test(id),
    );
    expect(made.length).toBeGreaterThan(0);
    for (const [id] of made) {
      const name = (exportOf(id) as { readonly Name: string } | undefined)?.Name;
      expect(name === undefined ? `${id} is watched` : watched).toContain(name ?? 'by no alarm');
    }
  });

  it('runs a runbook section through description, investigation, resolution and verification', () => {
    const sections = readFileSync('docs/runbook.md', 'utf8').split(/^## /m).slice(1);
    for (const section of sections) {
      const steps = [...section.matchAll(/^\*\*(\w+)\.\*\*/gm)].map((match) => match[1]);
      expect(steps, section.split('\n')[0]).toEqual(['Description', 'Investigate', 'Resolve', 'Verify']);
    }
  });

  it('shows every alarm that tells somebody on one dashboard', () => {
    const [[, dashboard] = [], ...others] = all('AWS::CloudWatch::Dashboard');
    expect(others).toEqual([]);
    const told = alarms.filter(({ properties }) => properties.AlarmActions !== undefined);
    for (const { id } of told) expect(text(dashboard?.Properties)).toContain(`["${id}","Arn"]`);
  });
});
