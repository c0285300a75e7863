import { readFileSync } from 'node:fs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  CfnStateMachine,
  CfnStateMachineAlias,
  CfnStateMachineVersion,
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { accept } from './accept.ts';
import type { Alarms, Severity } from './alarm.ts';
import type { RuntimeFunction } from './runtime-function.ts';

export interface WorkflowProps {
  /** File under `state-machines/`, without `.asl.json`. */
  readonly file: string;
  /** `${name}` in the definition → the function it calls. */
  readonly functions: Readonly<Record<string, RuntimeFunction>>;
  /** `${name}` in the definition → a workflow it starts. */
  readonly workflows?: Readonly<Record<string, Workflow>>;
  readonly logRetentionDays: number;
  readonly alarms: Alarms;
  /** Of a failed execution. */
  readonly severity: Severity;
}

/**
 * A state machine whose placeholders are substituted and granted together, since `DefinitionBody.fromFile` grants
 * nothing. A placeholder without a value, or a value without a placeholder, fails the synthesis. Tasks call published
 * versions and executions start through an alias, so that one in flight keeps the definition and the code it began with.
 */
export class Workflow extends Construct {
  readonly machine: StateMachine;
  /** What is started: this deployment's version of the machine. */
  readonly aliasArn: string;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const definition = readFileSync(new URL(`../../state-machines/${props.file}.asl.json`, import.meta.url), 'utf8');
    const substitutions = {
      ...Object.fromEntries(Object.entries(props.functions).map(([name, target]) => [name, target.publishedVersion()])),
      ...Object.fromEntries(Object.entries(props.workflows ?? {}).map(([name, target]) => [name, target.aliasArn])),
    };
    assertSamePlaceholders(props.file, definition, Object.keys(substitutions));
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(definition),
      definitionSubstitutions: substitutions,
      tracingEnabled: true,
      timeout: Duration.days(365),
      logs: {
        // A handful of executions a day; what they carry stays out of the log.
        level: LogLevel.ALL,
        includeExecutionData: false,
        destination: new LogGroup(this, 'Logs', {
          retention: props.logRetentionDays as RetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    this.watch(props);
    // Covers every version: executions in flight call those of earlier deployments.
    const invoked = Object.values(props.functions).map((target) => `${target.lambda.functionArn}:*`);
    this.machine.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: invoked }));
    for (const arn of invoked) {
      accept(
        this,
        'AwsSolutions-IAM5',
        'Executions in flight call versions of earlier deployments',
        `Resource::${arn}`,
      );
    }
    accept(
      this,
      'AwsSolutions-IAM5',
      'Delivery of logs and traces is set up for the account, so its actions know no resource',
      'Resource::*',
    );
    for (const target of Object.values(props.workflows ?? {})) target.grantStart(this.machine);
    this.aliasArn = this.publish().ref;
  }

  grantStart(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({ grantee, actions: ['states:StartExecution'], resourceArns: [this.aliasArn] });
  }

  private publish(): CfnStateMachineAlias {
    const { node, stateMachineArn } = this.machine;
    if (!(node.defaultChild instanceof CfnStateMachine)) throw new Error('the workflow has no state machine');
    const version = new CfnStateMachineVersion(this, 'Version', {
      stateMachineArn,
      stateMachineRevisionId: node.defaultChild.attrStateMachineRevisionId,
    });
    version.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const routingConfiguration = [{ stateMachineVersionArn: version.ref, weight: 100 }];
    return new CfnStateMachineAlias(this, 'Live', { name: 'live', routingConfiguration });
  }

  /** An execution that a person stopped has not failed. */
  private watch({ alarms, file, severity }: WorkflowProps): void {
    const sum = { period: Duration.minutes(5), statistic: 'Sum' };
    alarms.add(`${this.node.id}Failing`, {
      heading: 'Workflow failing',
      subject: file,
      severity,
      metric: new MathExpression({
        expression: 'FILL(failed, 0) + FILL(timedOut, 0)',
        usingMetrics: { failed: this.machine.metricFailed(sum), timedOut: this.machine.metricTimedOut(sum) },
        period: sum.period,
        label: `failed executions of ${file}`,
      }),
      threshold: 1,
    });
  }
}

function assertSamePlaceholders(file: string, definition: string, given: readonly string[]): void {
  const used = new Set([...definition.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]!));
  const missing = [...used].filter((name) => !given.includes(name));
  const unused = given.filter((name) => !used.has(name));
  if (missing.length > 0 || unused.length > 0) {
    throw new Error(
      `${file}.asl.json: placeholders without a value [${missing}], values without a placeholder [${unused}]`,
    );
  }
}
