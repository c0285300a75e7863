import * as z from 'zod';
import { parseProperties, unsupported } from '../services/properties.ts';
import type { ResolvedResource } from '../types.ts';
import { type AlarmActions, actionsOf, alarmFields } from './alarm-settings.ts';
import { type Expression, parseExpression } from './expression.ts';

export type CompositeAlarm = {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly actions: AlarmActions;
  /** Whether it is in alarm, given the states of the alarms it is made of by name or ARN. */
  readonly isAlarming: (stateOf: (alarm: string) => string) => boolean;
};

const properties = z.object({ ...alarmFields, AlarmRule: z.string() });

/** Reads an `AWS::CloudWatch::CompositeAlarm`. Throws an Error naming the alarm and what in its rule is not emulated. */
export function readCompositeAlarm(resource: ResolvedResource): CompositeAlarm {
  const parsed = parseProperties(resource, properties);
  try {
    return {
      name: resource.physicalName,
      arn: resource.arn,
      description: parsed.AlarmDescription,
      actions: actionsOf(parsed),
      isAlarming: compile(parseExpression(parsed.AlarmRule)),
    };
  } catch (error) {
    throw unsupported(resource, error instanceof Error ? error.message : String(error));
  }
}

function compile(rule: Expression): CompositeAlarm['isAlarming'] {
  if (rule.kind === 'name' && (rule.name === 'TRUE' || rule.name === 'FALSE')) return () => rule.name === 'TRUE';
  if (rule.kind === 'call') {
    const [alarm] = rule.parameters;
    const isState = ['ALARM', 'OK', 'INSUFFICIENT_DATA'].includes(rule.name);
    if (isState && alarm?.kind === 'text') return (stateOf) => stateOf(alarm.value) === rule.name;
  }
  if (rule.kind === 'operation') {
    const operands = rule.operands.map(compile);
    if (rule.operator === 'AND') return (stateOf) => operands.every((operand) => operand(stateOf));
    if (rule.operator === 'OR') return (stateOf) => operands.some((operand) => operand(stateOf));
    if (rule.operator === 'NOT') return (stateOf) => !operands.some((operand) => operand(stateOf));
  }
  throw new Error(`AlarmRule: ${JSON.stringify(rule)} is not emulated`);
}
