import { describe, expect, it } from 'vitest';
import { currentTemplates, resourcesOf } from './synthesize.ts';
import { danglingReferences, dependenciesOf, orderOf, stackDependencies } from './template-graph.ts';

const templates = currentTemplates();
const stacks = [...templates.keys()];
const all = (type: string) => resourcesOf(templates, type);
const text = (value: unknown) => JSON.stringify(value);

describe('a deployment', () => {
  it.each(stacks)('%s creates everything after what it needs, in some order', (stack) => {
    const template = templates.get(stack)!;
    expect(danglingReferences(template)).toEqual([]);
    expect(orderOf(dependenciesOf(template))).toHaveLength(Object.keys(template.Resources).length);
  });

  it('takes the stacks one after the other: state, then service, cascades, graph and notifications, then API and batch, then what watches them', () => {
    expect(orderOf(stackDependencies(templates))).toEqual([
      'Runway-dev-State',
      'Runway-dev-Service',
      'Runway-dev-Cascades',
      'Runway-dev-Graph',
      'Runway-dev-Notifications',
      'Runway-dev-Api',
      'Runway-dev-GroundTruthBatch',
      'Runway-dev-Monitoring',
    ]);
  });

  it.each(stacks)('%s stays within what CloudFormation takes, with room for a capability more', (stack) => {
    const resources = Object.keys(templates.get(stack)!.Resources).length;
    // As the CDK writes it.
    const bytes = Buffer.byteLength(JSON.stringify(templates.get(stack), undefined, 1));
    console.info(`${stack}: ${resources} of 500 resources, ${bytes} of 1,000,000 bytes`);
    const advice = `${stack} has ${resources} resources; above 450 it is split, for CloudFormation refuses 501 (docs/adr/0026)`;
    expect(resources, advice).toBeLessThanOrEqual(450);
    expect(bytes).toBeLessThanOrEqual(1_000_000);
  });

  it.each(stacks)('%s knows no account and no region but its own', (stack) => {
    const written = text(templates.get(stack));
    expect(written.match(/arn:aws:[\w-]*:[\w-]*:\d{12}:/g)).toBeNull();
    expect(written.match(/"[^"]*\b(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d\b[^"]*"/g)).toBeNull();
  });
});

describe('what a deployment leaves in flight', () => {
  const machines = all('AWS::StepFunctions::StateMachine');
  const versions = all('AWS::Lambda::Version');

  it('calls published versions of the functions, which are kept', () => {
    const published = new Map(versions);
    for (const [, machine] of machines) {
      const substitutions = Object.values(
        machine.Properties?.DefinitionSubstitutions as Record<string, { Ref: string }>,
      );
      const called = substitutions.filter(({ Ref }) => !Ref.includes('Live'));
      expect(called.length).toBeGreaterThan(0);
      expect(called.filter(({ Ref }) => !published.has(Ref))).toEqual([]);
    }
    expect(versions.filter(([, version]) => version.DeletionPolicy !== 'Retain')).toEqual([]);
  });

  it('may call every version, also those of deployments before and after', () => {
    const granted = text(all('AWS::IAM::Policy').map(([, policy]) => policy));
    for (const [, version] of versions) {
      const { FunctionName } = version.Properties as { FunctionName: { Ref: string } };
      expect(granted).toContain(text({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [FunctionName.Ref, 'Arn'] }, ':*']] }));
    }
  });

  it('runs on the definition it began with: executions start through an alias of a kept version', () => {
    const aliases = all('AWS::StepFunctions::StateMachineAlias').map(([id]) => id);
    expect(aliases).toHaveLength(machines.length);
    const kept = all('AWS::StepFunctions::StateMachineVersion');
    expect(kept.map(([, version]) => version.DeletionPolicy)).toEqual(machines.map(() => 'Retain'));
    const starts = all('AWS::IAM::Policy').flatMap(([, policy]) =>
      (
        policy.Properties as { PolicyDocument: { Statement: { Action: unknown; Resource: unknown }[] } }
      ).PolicyDocument.Statement.filter(({ Action }) => text(Action).includes('states:StartExecution')).flatMap(
        ({ Resource }) => [Resource].flat() as ({ Ref: string } | { 'Fn::ImportValue': string })[],
      ),
    );
    expect(starts.length).toBeGreaterThan(0);
    // From another stack as an export, which is named after what it exports.
    const isAlias = (start: (typeof starts)[number]) =>
      'Ref' in start
        ? aliases.includes(start.Ref)
        : aliases.some((alias) => start['Fn::ImportValue'].includes(`:ExportsOutputRef${alias}`));
    expect(starts.filter((start) => !isAlias(start))).toEqual([]);
  });
});

describe('the check of the order', () => {
  const resource = (properties: Record<string, unknown>, DependsOn: string[] = []) => ({
    Type: 'AWS::SQS::Queue',
    Properties: properties,
    DependsOn,
  });

  const placeholder = (name: string) => `\${${name}}`;

  it('finds a cycle through every kind of reference', () => {
    const Resources = {
      A: resource({ name: { 'Fn::Sub': `x-${placeholder('B.Arn')}-${placeholder('AWS::Region')}` } }),
      B: resource({ list: [{ 'Fn::GetAtt': ['C', 'Arn'] }] }),
      C: resource({}, ['D']),
      D: resource({ 'Fn::Join': ['', [{ Ref: 'A' }]] }),
    };
    expect(() => orderOf(dependenciesOf({ Resources }))).toThrow('cycle: A → B → C → D → A');
  });

  it('finds what is referred to and missing', () => {
    const template = {
      Resources: { A: resource({ name: { Ref: 'Gone' } }) },
      Outputs: { Url: { Value: { Ref: 'Lost' } } },
    };
    expect(danglingReferences(template)).toEqual([
      { from: 'A', to: 'Gone' },
      { from: 'Outputs.Url', to: 'Lost' },
    ]);
  });
});
