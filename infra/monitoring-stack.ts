import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './parts/alarm.ts';
import { addStateAlarms } from './parts/state-alarms.ts';
import type { Settings } from './settings.ts';
import type { StateStack } from './state-stack.ts';

export interface MonitoringStackProps {
  readonly settings: Settings;
  readonly state: StateStack;
}

/**
 * Alarms and dashboard. What is watched adds its alarm here from where it is made; the resources stand in a stack of
 * their own because CloudFormation allows 500 in each (docs/adr/0013).
 */
export class MonitoringStack extends Stack {
  readonly alarms: Alarms;

  constructor(scope: Construct, id: string, props: MonitoringStackProps) {
    super(scope, id, { description: 'Runway: alarms and dashboard; can be recreated' });
    this.alarms = new Alarms(this, 'Alarms', { email: props.settings.alarmEmail });
    addStateAlarms(this.alarms, props.state, props.settings);
    new CfnOutput(this, 'AlarmTopicArn', { value: this.alarms.topic.topicArn });
  }
}
